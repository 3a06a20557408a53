/** The bytes of messages that are kept for another attempt. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** The messages that a caller streams; while they have at most 4 MiB, they are kept and can be sent again. */
export class KeptMessages<T> {
  /** False once an earlier message is not kept any more, or the caller's stream has failed. */
  isWhole = true;
  private readonly source: AsyncIterator<T>;
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

  /** Yields all messages from the first one on, those that are kept at once and others as they come. */
  async *all(): AsyncGenerator<T> {
    for (let index = 0; ; index++) {
      while (index === this.dropped + this.kept.length && !this.ended) {
        // One attempt may fail while it waits: the message that it waits for is the next one's.
        await (this.reading ??= this.read());
      }
      const message = this.kept[index - this.dropped];
      if (message === undefined) {
        return;
      }
      yield message;
    }
  }

  /** Ends the caller's stream, of which no more is read. */
  close(): void {
    void this.source.return?.();
  }

  private async read(): Promise<void> {
    try {
      const result = await this.source.next();
      if (result.done === true) {
        this.ended = true;
        return;
      }
      this.bytes += this.sizeOf(result.value);
      if (this.bytes > KEPT_BYTES) {
        this.isWhole = false;
        this.dropped += this.kept.length;
        this.kept = [];
      }
      this.kept.push(result.value);
    } catch (error) {
      this.isWhole = false;
      throw error;
    } finally {
      this.reading = undefined;
    }
  }
}
