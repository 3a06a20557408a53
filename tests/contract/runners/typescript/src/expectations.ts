import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isDeepStrictEqual } from "node:util";

/** What arrived; undefined for a field that is left out. */
type Actual = JsonValue | undefined;

/** Values that an expectation captured, by name. */
export type Captures = Map<string, string>;

/** Says where a value does not meet its expectation. */
export class Mismatch extends Error {}

const LONGEST_SHOWN = 1500;
const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Returns what was captured; raises `Mismatch` where the value does not meet the expectation. */
export function check(expected: JsonValue, actual: Actual, path: string): Captures {
  const captures: Captures = new Map();
  compare(expected, actual, path, captures);
  return captures;
}

/** Says whether a value meets an expectation. */
export function meets(expected: JsonValue, actual: Actual): boolean {
  return attempt(expected, actual) !== undefined;
}

/** Returns a value as a text for readers. */
export function show(value: Actual): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function attempt(expected: JsonValue, actual: Actual): Captures | undefined {
  try {
    return check(expected, actual, "");
  } catch (error) {
    if (error instanceof Mismatch) {
      return undefined;
    }
    throw error;
  }
}

function compare(expected: JsonValue, actual: Actual, path: string, captures: Captures): void {
  if (Array.isArray(expected)) {
    const items = list(expected, actual, path);
    if (items.length !== expected.length) {
      throw differs(`${expected.length} values ${show(expected)}`, actual, path);
    }
    expected.forEach((item, index) => compare(item, items[index], `${path}[${index}]`, captures));
  } else if (expected !== null && typeof expected === "object") {
    const keys = Object.keys(expected);
    if (keys.some((key) => key.startsWith("$"))) {
      keys.forEach((key) => operator(key, expected[key] as JsonValue, actual, path, captures));
    } else {
      object(expected, actual, path, captures);
    }
  } else if (!equal(expected, actual)) {
    throw differs(show(expected), actual, path);
  }
}

function object(expected: JsonObject, actual: Actual, path: string, captures: Captures): void {
  const keys = Object.keys(expected);
  if (keys.length === 0 && actual === undefined) {
    return;
  }
  if (!isObject(actual)) {
    throw differs(show(expected), actual, path);
  }
  keys.forEach((key) =>
    compare(expected[key] as JsonValue, actual[key], path === "" ? key : `${path}.${key}`, captures),
  );
}

function operator(name: string, argument: JsonValue, actual: Actual, path: string, captures: Captures): void {
  const differing = () => differs(`${name} ${show(argument)}`, actual, path);
  const holds = (condition: boolean) => {
    if (!condition) {
      throw differing();
    }
  };
  switch (name) {
    case "$any":
      return holds(actual !== undefined);
    case "$as":
      holds(actual !== undefined);
      return capture(captures, String(argument), typeof actual === "object" ? JSON.stringify(actual) : String(actual));
    case "$is":
      return compare(argument, actual, path, captures);
    case "$not":
      return holds(!meets(argument, actual));
    case "$at_least":
      return holds((numeric(actual ?? 0) ?? NaN) >= limit(name, argument));
    case "$at_most":
      return holds((numeric(actual ?? 0) ?? NaN) <= limit(name, argument));
    case "$count":
      return holds(list(argument, actual, path).length === Number(argument));
    case "$unordered":
    case "$contains": {
      const expected = list(argument, argument, path);
      const actuals = list(argument, actual, path);
      const found = name === "$contains" ? inOrder(expected, actuals) : inAnyOrder(expected, actuals);
      if (found === undefined) {
        throw differing();
      }
      return found.forEach((value, key) => capture(captures, key, value));
    }
    default:
      throw new Error(`${path}: ${name} is not an expectation`);
  }
}

/** Notes a captured value; raises where the name has one already. */
export function capture(captures: Captures, name: string, value: string): void {
  if (captures.has(name)) {
    throw new Error(`"${name}" is captured twice`);
  }
  captures.set(name, value);
}

function inOrder(expected: JsonValue[], actuals: JsonValue[]): Captures | undefined {
  const all: Captures = new Map();
  let position = 0;
  for (const item of expected) {
    let found: Captures | undefined;
    while (found === undefined && position < actuals.length) {
      found = attempt(item, actuals[position++]);
    }
    if (found === undefined) {
      return undefined;
    }
    found.forEach((value, key) => capture(all, key, value));
  }
  return all;
}

function inAnyOrder(expected: JsonValue[], actuals: JsonValue[]): Captures | undefined {
  const [first, ...others] = expected;
  if (first === undefined || expected.length !== actuals.length) {
    return expected.length === actuals.length ? new Map() : undefined;
  }
  for (const [index, actual] of actuals.entries()) {
    const found = attempt(first, actual);
    const rest = found && inAnyOrder(others, actuals.toSpliced(index, 1));
    if (found !== undefined && rest !== undefined) {
      rest.forEach((value, key) => capture(found, key, value));
      return found;
    }
  }
  return undefined;
}

/** A list that is left out is an empty one. */
function list(expected: JsonValue, actual: Actual, path: string): JsonValue[] {
  if (actual !== undefined && !Array.isArray(actual)) {
    throw differs(`a list: ${show(expected)}`, actual, path);
  }
  return actual ?? [];
}

/** Two texts are equal letter for letter, a number and a text where the numbers are. */
function equal(expected: JsonValue, actual: Actual): boolean {
  if (actual === undefined) {
    return expected === null || expected === false || expected === 0 || expected === "";
  }
  if (typeof expected !== "number" && typeof actual !== "number") {
    return isDeepStrictEqual(expected, actual);
  }
  const number = numeric(expected);
  const other = numeric(actual);
  return number !== undefined && other !== undefined && number == other;
}

function numeric(value: JsonValue): number | bigint | undefined {
  if (typeof value === "string") {
    return INTEGER.test(value) ? BigInt(value) : DECIMAL.test(value) ? Number(value) : undefined;
  }
  return typeof value === "number" ? value : undefined;
}

function limit(name: string, argument: JsonValue): number | bigint {
  const number = numeric(argument);
  if (number === undefined) {
    throw new Error(`${name} has ${show(argument)}, which is no number`);
  }
  return number;
}

function differs(expected: string, actual: Actual, path: string): Mismatch {
  const came = `${Array.isArray(actual) ? `${actual.length} values ` : ""}${show(actual)}`;
  return new Mismatch(`${path === "" ? "" : `${path}: `}expected ${expected}, and ${came} came`);
}

function isObject(value: Actual): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
