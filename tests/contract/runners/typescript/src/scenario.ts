import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { capture, check, Mismatch, show, type Captures } from "./expectations.js";
import type { Credentials, Scenario, Step, Suite } from "./format.js";
import { fill, fillRequest } from "./placeholders.js";
import { Stream } from "./stream.js";
import { describe, type Call, type Target } from "./target.js";

const WITHIN = 10;
const CALLER = "service";
const REQUESTS = new Set(["request", "requests"]);
const ACTIONS = ["call", "open", "receive", "end", "close", "wait"] as const;

/** One run of a scenario: its users, what it captured, its streams. */
export class ScenarioRun {
  private readonly values = new Map<string, string>();
  private readonly callers: Map<string, Record<string, string>>;
  private readonly streams = new Map<string, Stream>();

  /** Takes users of the credentials. */
  constructor(
    private readonly target: Target,
    private readonly suite: Suite,
    private readonly scenario: Scenario,
    credentials: Credentials,
  ) {
    this.callers = new Map(Object.entries(credentials.callers));
    for (const name of scenario.users ?? []) {
      const user = credentials.users.shift() ?? { user_id: randomUUID(), metadata: {} };
      this.values.set(name, user.user_id);
      this.callers.set(name, user.metadata);
    }
    scenario.ids?.forEach((name) => this.values.set(name, randomUUID()));
  }

  /** Runs the steps; returns what was wrong with the first that failed, or undefined. */
  async run(): Promise<string | undefined> {
    try {
      for (const [index, raw] of this.scenario.steps.entries()) {
        try {
          const captures = await this.step(this.filled(raw));
          captures.forEach((value, name) => capture(this.values, name, value));
        } catch (error) {
          const title = ACTIONS.filter((action) => action in raw).map(
            (action) => ` (${action} ${String(raw[action])})`,
          );
          return `step ${index + 1}${title.join("")}: ${text(error)}`;
        }
      }
      return undefined;
    } finally {
      this.streams.forEach((stream) => stream.close());
    }
  }

  private filled(raw: JsonObject): Step {
    const pairs = Object.entries(raw).map(([key, value]) => {
      return [key, (REQUESTS.has(key) ? fillRequest : fill)(value, this.values)];
    });
    return Object.fromEntries(pairs) as Step;
  }

  private async step(step: Step): Promise<Captures> {
    const actions = ACTIONS.filter((action) => action in step);
    if (actions.length !== 1) {
      throw new Error(`a step has one of ${ACTIONS.join(", ")}, and this one has ${actions.join(", ") || "none"}`);
    }
    if (step.call !== undefined) {
      return this.call(step.call, step);
    }
    if (step.open !== undefined) {
      return this.open(step.open, step);
    }
    if (step.receive !== undefined) {
      const seen: JsonObject[] = [];
      const marker = () => `an item ${show(step.until)}, and before it the changes ${show(seen)} came`;
      return within(step, this.stream(step.receive).receive(step, seen), marker);
    }
    if (step.end !== undefined) {
      const ended = outcome(this.stream(step.end).end(), step.error);
      return within(step, ended, () => "the end of the stream, and it goes on");
    }
    if (step.close !== undefined) {
      this.stream(step.close).close();
      this.streams.delete(step.close);
    } else {
      await pause(Number(step.wait) * 1000);
    }
    return new Map();
  }

  private async call(method: string, step: Step): Promise<Captures> {
    const received = new Headers();
    const answer: JsonObject = {};
    const call = { ...this.request(method, step), seconds: Number(step.within ?? WITHIN) };
    const captures = await outcome(put(this.target.call(call, received), answer), step.error, received, answer);
    if (step.expect !== undefined) {
      check(step.expect, answer, "").forEach((value, name) => capture(captures, name, value));
    }
    if (step.answer_metadata !== undefined) {
      const metadata = Object.fromEntries(received);
      check(step.answer_metadata, metadata, "answer_metadata").forEach((value, name) => capture(captures, name, value));
    }
    return captures;
  }

  private async open(method: string, step: Step): Promise<Captures> {
    const name = step.stream ?? "";
    if (this.streams.has(name)) {
      throw new Error(`the stream "${name}" is open already`);
    }
    const abort = new AbortController();
    const answers = this.target.call({ ...this.request(method, step), signal: abort.signal });
    const stream = new Stream(answers, this.suite.streams[method], abort);
    this.streams.set(name, stream);
    const first = await within(step, stream.read(), () => "a first answer, and nothing came");
    if (first === undefined) {
      throw new Mismatch("expected a first answer, and the stream ended");
    }
    return step.expect === undefined ? new Map() : check(step.expect, first, "");
  }

  private request(method: string, step: Step): Call {
    const metadata = new Headers(this.callers.get(step.as ?? CALLER));
    Object.entries(step.metadata ?? {}).forEach(([key, value]) => metadata.set(key, value));
    return { method, requests: step.requests ?? [step.request ?? {}], metadata };
  }

  private stream(name: string): Stream {
    const stream = this.streams.get(name);
    if (stream === undefined) {
      throw new Error(`no stream "${name}" is open`);
    }
    return stream;
  }
}

/** Puts the answers of a call together: lists one after another, of everything else the last. */
async function put(answers: AsyncIterable<JsonObject>, together: JsonObject): Promise<void> {
  for await (const answer of answers) {
    for (const [name, value] of Object.entries(answer)) {
      const before = together[name];
      together[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }
}

/** Waits for the end of a call or a stream, and compares it with the error that is expected, if one is. */
async function outcome(
  done: Promise<void>,
  expected: JsonValue | undefined,
  received?: Headers,
  answer?: JsonObject,
): Promise<Captures> {
  try {
    await done;
  } catch (error) {
    if (!(error instanceof ConnectError) || expected === undefined) {
      throw error;
    }
    error.metadata.forEach((value, key) => received?.set(key, value));
    const actual = describe(error);
    try {
      return check(expected, actual, "error");
    } catch (mismatch) {
      throw mismatch instanceof Mismatch
        ? new Mismatch(`${mismatch.message}; the whole error: ${text(error)}`)
        : mismatch;
    }
  }
  if (expected !== undefined) {
    const came = answer === undefined ? "it ended well" : `${show(answer)} came`;
    throw new Mismatch(`expected the error ${show(expected)}, and ${came}`);
  }
  return new Map();
}

/** Waits for a step's result as long as the step may take. */
async function within<T>(step: Step, result: Promise<T>, expected: () => string): Promise<T> {
  const seconds = Number(step.within ?? WITHIN);
  const timer = new AbortController();
  const late = pause(seconds * 1000, undefined, { signal: timer.signal }).then(() => {
    throw new Mismatch(`expected within ${seconds} s ${expected()}`);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    late.catch(() => undefined);
    result.catch(() => undefined);
    timer.abort();
  }
}

function text(error: unknown): string {
  return error instanceof ConnectError
    ? `${error.rawMessage} ${show(describe(error))}`
    : error instanceof Error
      ? error.message
      : String(error);
}
