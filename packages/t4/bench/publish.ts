// Makes docs/benchmarks.md and its chart of the run in docs/benchmarks.json; with --check, fails where they are not made of it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH } from "./paths.js";
import { renderChart } from "./publish/chart.js";
import { renderPage } from "./publish/page.js";
import type { RunRecord } from "./run/record.js";

const docs = join(BENCH, "../../../docs");
const record = JSON.parse(readFileSync(join(docs, "benchmarks.json"), "utf8")) as RunRecord;
const pages = { "benchmarks.md": renderPage(record), "benchmarks.svg": renderChart(record) };
for (const [name, text] of Object.entries(pages)) {
  const path = join(docs, name);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text)
    throw new Error(`docs/${name} is not what docs/benchmarks.json says; run node packages/t4/bench/lib/publish.js`);
}
