import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { check, meets, Mismatch, show, type Captures } from "./expectations.js";
import type { Step, StreamKinds } from "./format.js";

interface Item {
  content: JsonObject;
  answer: JsonObject;
}

/** A stream of answers that is read step by step. */
export class Stream {
  private readonly items: Item[] = [];

  constructor(
    private readonly answers: AsyncIterator<JsonObject>,
    private readonly kinds: StreamKinds | undefined,
    private readonly abort: AbortController,
  ) {}

  /** Reads an answer; undefined at the end. */
  async read(): Promise<JsonObject | undefined> {
    const result = await this.answers.next();
    if (result.done === true) {
      return undefined;
    }
    const answer = result.value;
    const items = this.kinds === undefined ? [] : ((answer[this.kinds.items] ?? []) as JsonObject[]);
    this.items.push(...items.map((content) => ({ content, answer })));
    return answer;
  }

  /** Reads until the marker of a step, and compares what came before it; `seen` gets the changes as they come. */
  async receive(step: Step, seen: JsonObject[]): Promise<Captures> {
    const { kinds } = this;
    if (kinds === undefined) {
      throw new Error("the suite does not say what the items of this stream are");
    }
    const states: JsonValue[] = [];
    let marker: Item | undefined;
    while (marker === undefined) {
      const item = await this.next();
      if (kindOf(item, kinds.changes) !== undefined) {
        if (meets(step.until ?? null, item.content)) {
          marker = item;
        } else {
          seen.push(item.content);
        }
      } else {
        states.push(...stateOf(item, kinds));
      }
    }
    const captures = [check(step.until ?? null, marker.content, "until")];
    if (step.changes !== undefined) {
      captures.push(check(step.changes, seen, "changes"));
    }
    states.push(...this.takeStates(marker.answer, kinds));
    step.states?.forEach((expected, index) => captures.push(lastState(expected, states, `states[${index}]`)));
    if (step.answer !== undefined) {
      captures.push(check(step.answer, marker.answer, "answer"));
    }
    return new Map(captures.flatMap((some) => [...some]));
  }

  /** Reads to the end. */
  async end(): Promise<void> {
    while ((await this.read()) !== undefined);
  }

  /** Cancels the stream. */
  close(): void {
    this.abort.abort();
  }

  private async next(): Promise<Item> {
    for (;;) {
      const item = this.items.shift();
      if (item !== undefined) {
        return item;
      }
      if ((await this.read()) === undefined) {
        throw new Mismatch("the stream ended before the marker");
      }
    }
  }

  /** Takes the states of an answer that stand behind the marker. */
  private takeStates(answer: JsonObject, kinds: StreamKinds): JsonValue[] {
    const taken = this.items.filter((item) => item.answer === answer && kindOf(item, kinds.states) !== undefined);
    taken.forEach((item) => this.items.splice(this.items.indexOf(item), 1));
    return taken.flatMap((item) => stateOf(item, kinds));
  }
}

function kindOf(item: Item, kinds: string[]): string | undefined {
  return kinds.find((kind) => kind in item.content);
}

function stateOf(item: Item, kinds: StreamKinds): JsonValue[] {
  const kind = kindOf(item, kinds.states);
  return kind === undefined ? [] : [item.content[kind] ?? null];
}

function lastState(expected: { of: JsonValue; last: JsonValue }, states: JsonValue[], path: string): Captures {
  const last = states.filter((state) => meets(expected.of, state)).at(-1);
  if (last === undefined) {
    throw new Mismatch(`${path}: expected a state ${show(expected.of)}, and of states ${show(states)} came`);
  }
  return check(expected.last, last, `${path}.last`);
}
