// Runs flows and prints their tables; `npm run bench -- --help` explains.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { provide } from "./data/data-set.js";
import { largeFiles } from "./data/large-files.js";
import { manifestRows } from "./data/manifest-rows.js";
import { smallFiles } from "./data/small-files.js";
import { FLOWS } from "./flows/flows.js";
import { type BenchOptions, readOptions, USAGE } from "./options.js";
import { BENCH } from "./paths.js";
import { findPeers, type Peers } from "./peers/peers.js";
import { cleanEnvironment } from "./run/clean-environment.js";
import { machineFacts } from "./run/machine-facts.js";
import type { Flow } from "./run/plan.js";
import { renderHeading } from "./run/render-heading.js";
import { type FlowResult, renderTable } from "./run/render-table.js";
import { runPlan } from "./run/run-plan.js";

async function runFlow(flow: Flow, options: BenchOptions, peers: Peers): Promise<FlowResult> {
  const { sizes, cache, rounds, budgetSeconds } = options;
  // Beside the data: copies between file systems are another benchmark.
  const scratch = mkdtempSync(join(cache, "run-"));
  try {
    const plan = await flow.plan({
      sizes,
      peers,
      scratch,
      cache,
      large: () => provide(cache, largeFiles(sizes.largeCount, sizes.largeMiB)),
      small: () => provide(cache, smallFiles(sizes.smallCount)),
      rows: () => provide(cache, manifestRows(sizes.rows)),
    });
    const env = cleanEnvironment(scratch);
    const onRound = (done: number): void => void process.stderr.write(`\r${flow.name}: ${done} of ${rounds} rounds `);
    const result = runPlan(plan, { rounds, budgetSeconds, scratch, env, onRound });
    process.stderr.write("\n");
    return { name: flow.name, summary: flow.summary(sizes), plan, rounds: result };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes("--help")) {
    process.stdout.write(USAGE);
    return;
  }
  const options = readOptions(argv);
  const { only, cache, isQuick } = options;
  const flows = FLOWS.filter(({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)));
  if (flows.length === 0) throw new Error(`No flow begins with ${only.join(" or ")}; --list names them all.`);
  if (options.isList) {
    for (const { name, summary } of flows) console.log(`${name.padEnd(16)} ${summary(options.sizes)}`);
    return;
  }
  mkdirSync(cache, { recursive: true });
  const peers = findPeers(options);
  const machine = machineFacts(cache);
  const tables = [renderHeading(machine, peers.versions)];
  if (isQuick) tables.unshift("**Quick run: little data, two rounds. It shows that everything runs, nothing else.**\n");
  for (const table of tables) console.log(table);
  const results: FlowResult[] = [];
  for (const flow of flows) {
    const result = await runFlow(flow, options, peers);
    results.push(result);
    tables.push(renderTable(result));
    console.log(tables.at(-1));
  }
  const directory = join(BENCH, "results");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${machine.date.replaceAll(":", "-")}.json`);
  const { sizes, rounds } = options;
  writeFileSync(file, `${JSON.stringify({ machine, peers: peers.versions, sizes, rounds, results }, null, 2)}\n`);
  if (options.markdown !== undefined) writeFileSync(options.markdown, tables.join("\n"));
  console.error(`All rounds are in ${file}`);
}

await main(process.argv.slice(2));
