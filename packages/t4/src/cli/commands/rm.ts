import { openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY } from "../options.js";
import { pointerChanges, short } from "../render.js";
import { shown } from "../shown.js";
import { targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "<reference>",
      "<author>/<package> for all of it, <author>/<package>@<revision> for one revision; in a directory that was installed or pushed, @<revision>",
    )
    .option(...REGISTRY)
    .option("-y, --yes", "do not ask")
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 rm alice/weather@latest~1 --registry ./registry --yes"))
    .action(async (text: string, options: CommonOptions & { readonly yes?: boolean }) => {
      const { name, revision, registry: location, named } = await targetOf(text, options);
      const registry = await openRegistry(location);
      // Of a package whose removal was cut off there may be no latest revision to resolve any more.
      const topHash = revision === undefined ? undefined : await registry.resolve(name, revision);
      const what =
        topHash === undefined ? `the package ${name} with all its revisions` : `${short(topHash)} of ${name}`;
      const remove = (dryRun: boolean) =>
        topHash === undefined
          ? registry.deletePackage(name, { dryRun })
          : registry.deleteRevision(name, topHash, { dryRun });
      if (options.dryRun === true) {
        context.err(shown`${pointerChanges(await remove(true))}Nothing was changed.\n`);
        return;
      }
      if (options.yes !== true && (await context.confirm(shown`Take out ${what}?`)) !== true) {
        throw new T4Error("ERR_T4_USAGE", `Did not take out ${what}.`, {
          hint: "--yes does it without asking; t4 undo brings it back for 90 days.",
        });
      }
      await remove(false);
      const undo = commandLine("t4", "undo", name, ...registryWords(named));
      context.err(shown`Took out ${what}. ${undo} brings it back.\n`);
    });
};
