/** The bytes of messages that are kept for another attempt. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** The messages that a caller streams; while they have at most 4 MiB, they are kept and can be sent again. */
export class KeptMessages<T> {
  /** Why the caller's stream has failed. */
  failure: unknown;
  private readonly source: AsyncIterator<T>;
  private attempt = 1;
  private kept: T[] = [];
  private dropped = 0;
  private bytes = 0;
  private ended = false;
  private reading: Promise<void> | undefined;

  /** `sizeOf` returns the bytes of a message. */
  constructor(
    messages: AsyncIterable<T>,
    private readonly sizeOf: (message: T) => number,
  ) {
    this.source = messages[Symbol.asyncIterator]();
  }

  /** Returns all messages for the next attempt, those that are kept at once and others as they come. */
  all(): AsyncIterable<T> {
    return this.send(this.attempt);
  }

  /** Ends an attempt; returns true if another can send all messages. */
  endAttempt(): boolean {
    this.attempt++;
    return this.bytes <= KEPT_BYTES && this.failure === undefined;
  }

  /** Ends the caller's stream, of which no more is read. */
  close(): void {
    this.source.return?.().catch(() => undefined);
  }

  private async *send(attempt: number): AsyncGenerator<T> {
    for (let index = 0; ; index++) {
      while (attempt === this.attempt && index === this.dropped + this.kept.length && !this.ended) {
        if (this.bytes > KEPT_BYTES) {
          this.dropped = index;
          this.kept = [];
        }
        // The attempt may fail while it waits: the message that it waits for is the next one's.
        await (this.reading ??= this.read());
      }
      const message = this.kept[index - this.dropped];
      if (attempt !== this.attempt || message === undefined) {
        return;
      }
      yield message;
    }
  }

  private async read(): Promise<void> {
    try {
      const result = await this.source.next();
      if (result.done === true) {
        this.ended = true;
      } else {
        this.bytes += this.sizeOf(result.value);
        this.kept.push(result.value);
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.reading = undefined;
  }
}
