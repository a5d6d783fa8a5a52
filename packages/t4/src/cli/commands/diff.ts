import { Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type Comparison, changeLines, changeSummary, compare, comparisonJson, isEqual } from "../comparison.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[from]", "a revision; without it, the revision that the working directory stands on")
    .argument("[to]", "a later revision; without it, the package's latest")
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 diff alice/weather@latest~1 --registry ./registry", "cd copy && t4 diff"))
    .action(async (from: string | undefined, to: string | undefined, options: CommonOptions) => {
      const { registry } = options;
      const comparison = from === undefined ? await withDirectory(context.signal) : await revisions(from, to, registry);
      if (options.json === true) {
        context.out(shown`${comparisonJson(comparison)}\n`);
        return;
      }
      context.out(await changeLines(comparison, context.paintOut));
      context.err(isEqual(comparison) ? shown`Nothing differs.\n` : shown`${changeSummary(comparison)}.\n`);
    });
};

async function withDirectory(signal: AbortSignal): Promise<Comparison> {
  const directory = await Package.openDirectory(".", { signal });
  if (directory !== undefined) return compare(directory.base, directory.current);
  throw new T4Error("ERR_T4_USAGE", "This directory was neither installed nor pushed.", {
    hint: "Name two revisions, or change into such a directory.",
  });
}

async function revisions(from: string, to: string | undefined, registry: string | undefined): Promise<Comparison> {
  const [before, after] = [await targetOf(from, { registry }), await targetOf(to ?? from, { registry })];
  const later = await Package.browse(to === undefined ? after.name : referenceTo(after), { registry: after.registry });
  return compare(await Package.browse(referenceTo(before), { registry: before.registry }), later);
}
