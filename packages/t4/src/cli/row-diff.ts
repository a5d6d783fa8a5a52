import type { Row, TableChange } from "t4";
import type { Comparison, LineStyle } from "./comparison.js";
import type { CliContext } from "./context.js";
import { counted } from "./render.js";
import { cellText, jsonOf } from "./row-text.js";
import { joined, type Shown, shown } from "./shown.js";

/** What of a comparison is wanted, and how. */
export interface RowDiffRequest extends Pick<LineStyle, "nameOf"> {
  readonly key: readonly string[] | undefined;
  readonly paths: readonly string[];
  readonly json: boolean;
}

/** Prints what differs in the rows of tables: a line for each row, or a line of JSON. */
export async function printRowDiff(
  context: CliContext,
  { before, after }: Pick<Comparison, "before" | "after">,
  { key, paths, json, nameOf }: RowDiffRequest,
): Promise<void> {
  const counts = { added: 0, changed: 0, removed: 0 };
  const options = { rows: true, key, signal: context.signal, ...(paths.length > 0 && { paths }) } as const;
  let file: string | undefined;
  const encoder = new TextEncoder();
  const out = (text: Shown): Promise<void> => context.outBytes(encoder.encode(text.shown));
  for await (const change of before.diff(after, options)) {
    if (change.kind in counts) counts[change.kind as keyof typeof counts]++;
    if (json) {
      await out(shown`${jsonOf(change)}\n`);
      continue;
    }
    const { logicalKey } = change;
    if (file !== logicalKey) await out(shown`${context.paintOut("yellow", `~ ${nameOf(logicalKey)}`)}\n`);
    file = logicalKey;
    await out(linesOf(change, context, key !== undefined));
  }
  if (json) return;
  const rows = `${counted(counts.added, "row")} added, ${counts.changed} changed, ${counts.removed} removed`;
  context.err(shown`${rows}.\n`);
}

function linesOf(change: TableChange, { paintOut: paint }: CliContext, hasKey: boolean): Shown {
  switch (change.kind) {
    case "skipped":
      return shown`  not compared: no table\n`;
    case "columns":
      return joined([
        ...change.added.map(({ name, type }) => shown`  ${paint("green", `+ column ${name}`)} ${type}\n`),
        ...change.removed.map(({ name, type }) => shown`  ${paint("red", `- column ${name}`)} ${type}\n`),
      ]);
    case "changed": {
      const { before, after, columns } = change;
      const cells = columns.map(
        (name) => `${name} ${cellText(before[name] ?? null)} -> ${cellText(after[name] ?? null)}`,
      );
      return shown`  ${paint("yellow", `~ ${cellsOf(change.key)}`)}: ${cells.join(", ")}\n`;
    }
    default: {
      const sign = change.kind === "added" ? "+" : "-";
      const style = change.kind === "added" ? "green" : "red";
      const rest = Object.fromEntries(Object.entries(change.row).filter(([name]) => !Object.hasOwn(change.key, name)));
      const cells = hasKey && Object.keys(rest).length > 0 ? `: ${cellsOf(rest)}` : "";
      return shown`  ${paint(style, `${sign} ${cellsOf(change.key)}`)}${cells}\n`;
    }
  }
}

function cellsOf(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${cellText(value)}`)
    .join(", ");
}
