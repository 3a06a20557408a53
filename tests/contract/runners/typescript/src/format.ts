// The files that the runner reads: their types, and how they are loaded.
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FORMAT = 1;
const SUITE = "suite.json";

/** What all files of scenarios share. */
export interface Suite {
  package: string;
  streams: Record<string, StreamKinds>;
}

/** How a method's stream is read: the field of the items, and the fields that are their kinds. */
export interface StreamKinds {
  items: string;
  changes: string[];
  states: string[];
}

export interface Scenario {
  name: string;
  needs?: string[];
  users?: string[];
  ids?: string[];
  steps: JsonObject[];
}

/** A step whose placeholders are replaced. */
export interface Step {
  within?: number;
  call?: string;
  open?: string;
  receive?: string;
  end?: string;
  close?: string;
  wait?: number;
  as?: string;
  stream?: string;
  request?: JsonObject;
  requests?: JsonObject[];
  metadata?: Record<string, string>;
  expect?: JsonValue;
  error?: JsonObject;
  answer_metadata?: JsonObject;
  until?: JsonValue;
  changes?: JsonValue;
  states?: { of: JsonValue; last: JsonValue }[];
  answer?: JsonValue;
}

/** What the target has, and who calls. */
export interface Credentials {
  has: string[];
  callers: Record<string, Record<string, string>>;
  users: { user_id: string; metadata: Record<string, string> }[];
}

/** Returns what all files share, and the scenarios in the order of file names; raises for another format. */
export function loadScenarios(folder: string): { suite: Suite; scenarios: Scenario[] } {
  const suite = read<Suite>(join(folder, SUITE));
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== SUITE)
    .sort();
  const scenarios = names.flatMap((name) => read<{ scenarios: Scenario[] }>(join(folder, name)).scenarios);
  const known = new Set<string>();
  for (const { name } of scenarios) {
    if (known.has(name)) {
      throw new Error(`two scenarios have the name "${name}"`);
    }
    known.add(name);
  }
  return { suite, scenarios };
}

/** Returns the credentials of a file; without one the target has nothing, and nobody has metadata. */
export function loadCredentials(file: string | undefined): Credentials {
  return { has: [], callers: {}, users: [], ...(file === undefined ? {} : read<Partial<Credentials>>(file)) };
}

function read<T>(file: string): T {
  const content = JSON.parse(readFileSync(file, "utf-8")) as T & { format?: unknown };
  if (content.format !== FORMAT) {
    throw new Error(`${file} has the format ${JSON.stringify(content.format)}, and this runner knows ${FORMAT}`);
  }
  return content;
}
