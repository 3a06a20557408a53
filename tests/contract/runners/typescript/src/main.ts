// Runs the contract's scenarios against a server. The format and the command line are in tests/contract/README.md.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { loadCredentials, loadScenarios, type Scenario } from "./format.js";
import { report, type Result } from "./report.js";
import { ScenarioRun } from "./scenario.js";
import { reached, Target } from "./target.js";

const USAGE = `usage: RUNNER --target HOST:PORT --scenarios FOLDER --report FILE [--tls-ca FILE] [--credentials FILE]
              [--service-config FILE] [--only TEXT] [--parallel NUMBER]`;
const STATUS = { passed: 0, failed: 1, notBegun: 2 };

/** Reads what the command line names, and waits for the target; raises where it cannot. */
async function prepare() {
  const text = { type: "string" } as const;
  const { values: options } = parseArgs({
    options: {
      target: text,
      scenarios: text,
      report: text,
      "tls-ca": text,
      credentials: text,
      "service-config": text,
      only: { ...text, default: "" },
      parallel: { ...text, default: "8" },
    },
  });
  const parallel = Number(options.parallel);
  if (
    options.target === undefined ||
    options.scenarios === undefined ||
    options.report === undefined ||
    !(parallel >= 1)
  ) {
    throw new Error(USAGE);
  }
  const { suite, scenarios } = loadScenarios(options.scenarios);
  const credentials = loadCredentials(options.credentials);
  await reached(options.target);
  const target = new Target(options.target, suite.package, options["tls-ca"], options["service-config"]);
  const run = async (scenario: Scenario): Promise<Result> => {
    const missing = scenario.needs?.find((need) => !credentials.has.includes(need));
    if (missing !== undefined) {
      return { name: scenario.name, result: "not run", why: missing, seconds: 0 };
    }
    const begin = performance.now();
    const why = await new ScenarioRun(target, suite, scenario, credentials).run();
    const seconds = Math.round(performance.now() - begin) / 1000;
    return {
      name: scenario.name,
      ...(why === undefined ? { result: "passed" } : { result: "failed", why }),
      seconds,
    };
  };
  return { file: options.report, chosen: scenarios.filter(({ name }) => name.includes(options.only)), parallel, run };
}

let prepared: Awaited<ReturnType<typeof prepare>>;
try {
  prepared = await prepare();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(STATUS.notBegun);
}
const { file, chosen, parallel, run } = prepared;
const results: Result[] = [];
const waiting = chosen.entries();
await Promise.all(
  Array.from({ length: parallel }, async () => {
    for (const [index, scenario] of waiting) {
      results[index] = await run(scenario);
    }
  }),
);
report(file, results);
// Connections stay open for a while.
process.exit(results.some(({ result }) => result === "failed") ? STATUS.failed : STATUS.passed);
