import { openRegistry, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package> for all of it, <author>/<package>@<revision> for one revision")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("-y, --yes", "do it; without this it is only said")
    .addHelpText("after", "\nExample:\n  t4 rm alice/weather@latest~1 --registry ./registry --yes")
    .action(async (text: string, options: { registry?: string; yes?: boolean }) => {
      const { name, revision } = parseReference(text);
      const registry = await openRegistry(options.registry);
      const topHash = await registry.resolve(name, revision);
      const what =
        revision === undefined ? `the package ${name} with all its revisions` : `the revision ${topHash} of ${name}`;
      if (options.yes !== true)
        throw new T4Error("ERR_T4_USAGE", `This would take out ${what}.`, {
          hint: "Add --yes to do it; t4 undo brings it back for 90 days.",
        });
      if (revision === undefined) await registry.deletePackage(name);
      else await registry.deleteRevision(name, topHash);
      context.err(`Took out ${what}. t4 undo ${name} brings it back.\n`);
    });
};
