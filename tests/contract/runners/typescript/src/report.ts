import { writeFileSync } from "node:fs";

export interface Result {
  name: string;
  result: "passed" | "failed" | "not run";
  why?: string;
  seconds: number;
}

/** Writes the report, and prints what did not pass and how many did. */
export function report(file: string, results: Result[]): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  for (const { name, result, why } of results) {
    if (result !== "passed") {
      console.log(`${result}: ${name}: ${why}`);
    }
  }
  const counts = (["passed", "failed", "not run"] as const).map(
    (kind) => `${results.filter(({ result }) => result === kind).length} ${kind}`,
  );
  console.log(counts.join(", "));
}
