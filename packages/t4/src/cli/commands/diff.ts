import { Package, type PackageDiff, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { changes, json } from "../render.js";
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
      const diff = from === undefined ? await directoryDiff(context.signal) : await revisionDiff(from, to, registry);
      context.out(options.json === true ? json(diff) : changes(diff, context.paintOut));
    });
};

async function directoryDiff(signal: AbortSignal): Promise<PackageDiff> {
  const directory = await Package.openDirectory(".", { signal });
  if (directory !== undefined) return directory.base.diff(directory.current);
  throw new T4Error("ERR_T4_USAGE", "This directory was neither installed nor pushed.", {
    hint: "Name two revisions, or change into such a directory.",
  });
}

async function revisionDiff(from: string, to: string | undefined, registry: string | undefined): Promise<PackageDiff> {
  const [before, after] = [await targetOf(from, { registry }), await targetOf(to ?? from, { registry })];
  const later = await Package.browse(to === undefined ? after.name : referenceTo(after), { registry: after.registry });
  return (await Package.browse(referenceTo(before), { registry: before.registry })).diff(later);
}
