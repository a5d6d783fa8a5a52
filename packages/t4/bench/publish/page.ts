import type { Sizes } from "../data/sizes.js";
import type { RunRecord } from "../run/record.js";
import { renderHeading } from "../run/render-heading.js";
import { renderTable } from "../run/render-table.js";
import { type Comparison, comparisons, inWords } from "./comparison.js";

/** The page of benchmarks as Markdown, all of it made of one run. */
export function renderPage({ machine, peers, sizes, results }: RunRecord): string {
  const all = results.flatMap(comparisons);
  return `# Benchmarks

This page is made of [one run](benchmarks.json), by \`npm run bench:peers\`, which installs all tools, runs them on the same data in turn,
round after round, in reverse order every other round, and writes this page. [How it measures, and what is unfair to
whom](../packages/t4/bench/README.md) says more. A ratio is taken within one round; single times say more about the machine than
about the tools.

![How many times faster or slower T4 is than each tool, job by job](benchmarks.svg)

The run had ${sizesOf(sizes)}. Targets that speak of more data are not judged by it.
${machine.load > machine.cores ? BUSY : ""}
## Where T4 is slower

${listOf(
  all.filter(({ factor = 1 }) => factor < 1),
  "In no job of this run.",
)}

## Where T4 is faster

${listOf(
  all.filter(({ factor = 1 }) => factor > 1),
  "In no job of this run.",
)}

## The machine and the versions

${renderHeading(machine, peers)}
## All figures

\`limit\` is what the machine itself takes for the bare work: hashing, copying, sending each file once.

${results.map((result) => renderTable(result, sizes)).join("\n")}`;
}

/** Nothing is wrong then, but nothing is sure. */
const BUSY = `
**The machine was busy with other things: these figures show what runs, and who is far from whom; the next quiet run replaces them.**
`;

function sizesOf({ largeCount, largeMiB, smallCount, rows }: Sizes): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  return `${largeCount} large files of ${largeMiB} MiB, ${count(smallCount)} small ones of 1 to 4 KiB, and manifests of ${count(rows)} rows`;
}

/** By tool, each with its jobs. */
function listOf(found: readonly Comparison[], none: string): string {
  const told = found.filter(({ factor }) => factor !== undefined && inWords(factor) !== "equal");
  const tools = [...new Set(told.map(({ other }) => other))];
  const line = (tool: string): string => {
    const jobs = told.filter(({ other }) => other === tool);
    return `- than ${tool}: ${jobs.map(({ flow, factor = 1 }) => `${flow} ${inWords(factor)}`).join(", ")}`;
  };
  return tools.length === 0 ? none : tools.map(line).join("\n");
}
