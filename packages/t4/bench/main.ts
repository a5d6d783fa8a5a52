// Runs flows and prints their tables; `npm run bench -- --help` explains.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { provide } from "./data/data-set.js";
import { largeFiles } from "./data/large-files.js";
import { manifestRows } from "./data/manifest-rows.js";
import { smallFiles } from "./data/small-files.js";
import { FLOWS } from "./flows/flows.js";
import { type BenchOptions, readOptions, USAGE } from "./options.js";
import { BENCH, T4_BIN } from "./paths.js";
import { findPeers, type Peers } from "./peers/peers.js";
import { cleanEnvironment } from "./run/clean-environment.js";
import { machineFacts } from "./run/machine-facts.js";
import type { Flow } from "./run/plan.js";
import { type FlowResult, type RunRecord, recordText } from "./run/record.js";
import { removeAll } from "./run/remove-all.js";
import { renderHeading } from "./run/render-heading.js";
import { renderTable } from "./run/render-table.js";
import { runPlan } from "./run/run-plan.js";
import type { SlowLine } from "./run/slow-line.js";

async function runFlow(flow: Flow, options: BenchOptions, peers: Peers): Promise<FlowResult> {
  const { sizes, cache, rounds, budgetSeconds, endpoint } = options;
  // Beside the data: copies between file systems are another benchmark.
  const scratch = mkdtempSync(join(cache, "run-"));
  let line: SlowLine | undefined;
  try {
    const plan = await flow.plan({
      sizes,
      peers,
      endpoint,
      scratch,
      cache,
      large: () => provide(cache, largeFiles(sizes.largeCount, sizes.largeMiB)),
      small: () => provide(cache, smallFiles(sizes.smallCount)),
      rows: () => provide(cache, manifestRows(sizes.rows)),
    });
    ({ line } = plan);
    const env = cleanEnvironment(scratch, line?.endpoint ?? endpoint);
    const onRound = (done: number): void => void process.stderr.write(`\r${flow.name}: ${done} of ${rounds} rounds `);
    const result = runPlan(plan, { rounds, budgetSeconds, scratch, env, endpoint, onRound });
    process.stderr.write("\n");
    const rows = plan.contenders.map((one) =>
      "absent" in one ? one : { name: one.name, role: one.role, command: one.command },
    );
    return { name: flow.name, summary: flow.summary(sizes), rows, targets: plan.targets, rounds: result };
  } finally {
    line?.close();
    removeAll(scratch);
  }
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes("--help")) {
    process.stdout.write(USAGE);
    return;
  }
  const options = readOptions(argv);
  const { only, cache, isQuick, sizes, endpoint } = options;
  const flows = FLOWS.filter(({ needsS3 = false }) => !needsS3 || endpoint !== "").filter(
    ({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)),
  );
  if (flows.length === 0) throw new Error(`No flow begins with ${only.join(" or ")}; --list names them all.`);
  if (options.isList) {
    for (const { name, summary } of flows) console.log(`${name.padEnd(16)} ${summary(sizes)}`);
    return;
  }
  mkdirSync(cache, { recursive: true });
  const peers = findPeers(options);
  const machine = machineFacts(cache);
  const tables = [renderHeading(machine, peers.versions)];
  if (isQuick) tables.unshift("**Quick run: little data, two rounds. It shows that everything runs, nothing else.**\n");
  for (const table of tables) console.log(table);
  const file = options.json ?? join(BENCH, "results", `${machine.date.replaceAll(":", "-")}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const results: FlowResult[] = [];
  for (const flow of flows) {
    const result = await runFlow(flow, options, peers);
    results.push(result);
    tables.push(renderTable(result, sizes));
    console.log(tables.at(-1));
    // Each time: what ran is kept when a later flow fails.
    writeFileSync(file, recordOf({ machine, peers: peers.versions, sizes, results }, options));
  }
  if (options.markdown !== undefined) writeFileSync(options.markdown, tables.join("\n"));
  console.error(`All rounds are in ${file}`);
}

/** A run as JSON, without the names of this machine's directories. */
function recordOf(record: RunRecord, { cache, endpoint }: BenchOptions): string {
  const places = { $CACHE: cache, "$BENCH/": BENCH, node: process.execPath, $T4: T4_BIN, $S3: endpoint || "no server" };
  return recordText(record, places).replace(/\$CACHE\/run-\w+/g, "$RUN");
}

await main(process.argv.slice(2));
