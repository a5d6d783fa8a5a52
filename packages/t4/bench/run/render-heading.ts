import type { MachineFacts } from "./machine-facts.js";

/** The machine and the versions as Markdown, above the tables. */
export function renderHeading(facts: MachineFacts, versions: Readonly<Record<string, string>>): string {
  const { date, commit, node, openssl, system, processor, cores, memoryGiB, fileSystem, load } = facts;
  return [
    `${date.slice(0, 16).replace("T", " ")} UTC, commit ${commit}, Node ${node}, ${openssl}; ${system}, ${cores} x ${processor}, ` +
      `${memoryGiB} GiB, ${fileSystem}; load before the start ${load.toFixed(1)}.`,
    "",
    ...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`),
    "",
    "`T4 takes` is the median of paired ratios, least and greatest in brackets: below 1 T4 is faster.",
    "",
  ].join("\n");
}
