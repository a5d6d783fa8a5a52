import { openRegistry, Package, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { clean, color, json, table, time } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("--limit <n>", "at most so many revisions", Number)
    .option("--json", "one JSON array, newest first")
    .addHelpText("after", "\nExample:\n  t4 log alice/weather --registry ./registry")
    .action(async (text: string, options: { registry?: string; limit?: number; json?: boolean }) => {
      const { name } = parseReference(text);
      const registry = await openRegistry(options.registry);
      const tags = new Map<string, string[]>();
      for await (const { tag, topHash } of registry.tags(name)) tags.set(topHash, [...(tags.get(topHash) ?? []), tag]);
      const rows = [];
      for await (const { topHash, time: published, isLatest } of registry.revisions(name)) {
        if (rows.length >= (options.limit ?? Number.POSITIVE_INFINITY)) break;
        const names = [...(isLatest ? ["latest"] : []), ...(tags.get(topHash) ?? [])];
        rows.push({
          topHash,
          time: published,
          names,
          message: await messageOf(`${name}@${topHash}`, options.registry),
        });
      }
      if (rows.length === 0) await registry.resolve(name);
      if (options.json === true) context.out(json(rows));
      else
        context.out(
          table(
            rows.map((row) => [row.topHash.slice(0, 12), time(row.time), label(row.names), clean(row.message ?? "")]),
          ),
        );
    });
};

function label(names: readonly string[]): string {
  return names.length === 0 ? "" : color("green", `(${names.map(clean).join(", ")})`);
}

async function messageOf(reference: string, registry: string | undefined): Promise<string | null> {
  try {
    return (await Package.browse(reference, { registry })).message;
  } catch (error) {
    // One damaged revision must not hide the others; fsck tells about it.
    if (error instanceof T4Error) return `(${error.code})`;
    throw error;
  }
}
