import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** Names of users, ids and captured values, with what stands for them. */
export type Values = ReadonlyMap<string, string>;

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const NOW = /^now(?:([+-]\d+(?:\.\d+)?)s)?$/;
const REPEAT = /^repeat:(.*):(\d+)$/s;

/** Returns a value with its placeholders replaced; raises for a name that has no value. */
export function fill(value: JsonValue, values: Values): JsonValue {
  if (typeof value === "string") {
    return value.replace(PLACEHOLDER, (_, name: string) => replacement(name, values));
  }
  if (Array.isArray(value)) {
    return value.map((item) => fill(item, values));
  }
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).map(([key, item]) => [fill(key, values), fill(item, values)]);
    return Object.fromEntries(pairs) as JsonObject;
  }
  return value;
}

/** Returns a request, or a list of requests, likewise, with the copies that its lists ask for. */
export function fillRequest(value: JsonValue, values: Values): JsonValue {
  if (Array.isArray(value)) {
    return value.flatMap((item) => copies(item, values));
  }
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).map(([key, item]) => [fill(key, values), fillRequest(item, values)]);
    return Object.fromEntries(pairs) as JsonObject;
  }
  return fill(value, values);
}

function copies(item: JsonValue, values: Values): JsonValue[] {
  if (item === null || typeof item !== "object" || Array.isArray(item) || item.$times === undefined) {
    return [fillRequest(item, values)];
  }
  const { $times: times, of } = item;
  return Array.from({ length: Number(times) }, (_, index) =>
    fillRequest(of ?? null, new Map([...values, ["index", String(index)]])),
  );
}

function replacement(name: string, values: Values): string {
  const now = NOW.exec(name);
  if (now !== null) {
    return new Date(Date.now() + Number(now[1] ?? 0) * 1000).toISOString();
  }
  const repeat = REPEAT.exec(name);
  if (repeat !== null) {
    return (repeat[1] ?? "").repeat(Number(repeat[2]));
  }
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`\${${name}} has no value`);
  }
  return value;
}
