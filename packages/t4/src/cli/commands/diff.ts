import { Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { changes, json } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[from]", "a revision; without it, the revision that the working directory stands on")
    .argument("[to]", "a later revision; without it, the package's latest")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExamples:\n  t4 diff alice/weather@latest~1 --registry ./registry\n  cd copy && t4 diff")
    .action(
      async (from: string | undefined, to: string | undefined, options: { registry?: string; json?: boolean }) => {
        const diff =
          from === undefined ? await directoryDiff(context.signal) : await revisionDiff(from, to, options.registry);
        context.out(options.json === true ? json(diff) : changes(diff));
      },
    );
};

async function directoryDiff(signal: AbortSignal): Promise<ReturnType<Package["diff"]>> {
  const directory = await Package.openDirectory(".", { signal });
  if (directory !== undefined) return directory.base.diff(directory.current);
  throw new T4Error("ERR_T4_USAGE", "This directory was neither installed nor pushed.", {
    hint: "Name two revisions, or change into such a directory.",
  });
}

async function revisionDiff(
  from: string,
  to: string | undefined,
  registry: string | undefined,
): Promise<ReturnType<Package["diff"]>> {
  const options = { registry };
  const before = await Package.browse(from, options);
  const latest = from.split(/[@:]/)[0] ?? from;
  return before.diff(await Package.browse(to ?? latest, options));
}
