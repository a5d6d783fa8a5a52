import { openRegistry, type Registry } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY, wholeNumber } from "../options.js";
import { json, short, table, time } from "../render.js";
import { firstLine, messageOf } from "../revision-message.js";
import { type Shown, shown } from "../shown.js";
import { packageOf } from "../target.js";

/** One line of the history. */
interface Row {
  readonly topHash: string;
  readonly time: Date;
  /** `latest` and tags. */
  readonly names: readonly string[];
  readonly message: string | null;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .option(...REGISTRY)
    .option("--limit <n>", "at most so many revisions", wholeNumber(1))
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 log alice/weather --registry ./registry", "cd copy && t4 log --limit 5"))
    .action(async (text: string | undefined, options: CommonOptions & { readonly limit?: number }) => {
      const { name, registry } = await packageOf(text, options);
      const rows = await history(await openRegistry(registry), name, options.limit);
      const label = (names: readonly string[]): Shown =>
        names.length === 0 ? shown`` : context.paintOut("green", `(${names.join(", ")})`);
      if (options.json === true) context.out(json(rows));
      else {
        const cells = rows.map((row) => [
          context.paintOut("yellow", short(row.topHash)),
          time(row.time),
          label(row.names),
          firstLine(row.message ?? ""),
        ]);
        context.out(await table(cells));
      }
    });
};

async function history(registry: Registry, name: string, limit = Number.POSITIVE_INFINITY): Promise<Row[]> {
  const tags = new Map<string, string[]>();
  for await (const { tag, topHash } of registry.tags(name)) tags.set(topHash, [...(tags.get(topHash) ?? []), tag]);
  const rows: Row[] = [];
  for await (const { topHash, time: published, isLatest } of registry.log(name)) {
    if (rows.length >= limit) break;
    const names = [...(isLatest ? ["latest"] : []), ...(tags.get(topHash) ?? [])];
    rows.push({ topHash, time: published, names, message: await messageOf(registry, topHash) });
  }
  // Says that there is no such package.
  if (rows.length === 0) await registry.resolve(name);
  return rows;
}
