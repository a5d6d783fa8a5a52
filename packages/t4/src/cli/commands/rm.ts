import { type Operation, openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { requireConsent, YES } from "../consent.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json, pointerChanges, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { targetOf } from "../target.js";

/** The names that a revision had: a tag goes with it, and `latest` moves. */
function namesGone({ changes }: Operation): Shown {
  return joined(
    changes
      .filter(({ pointer, before }) => before !== null && !/^\d{10}$/.test(pointer))
      .map(({ pointer, after }) =>
        after === null ? shown`${pointer} is gone with it. ` : shown`${pointer} is ${short(after)} now. `,
      ),
  );
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "<reference>",
      "<author>/<package> for all of it, <author>/<package>@<revision> for one revision; in a directory that was installed or pushed, @<revision>",
    )
    .option(...REGISTRY)
    .option(...YES)
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
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
      const { dryRun = false } = options;
      if (!dryRun && options.yes !== true)
        await requireConsent(context, { what, hint: "t4 undo brings it back for 90 days." });
      const operation = await remove(dryRun);
      if (options.json === true) {
        context.out(json(operation));
        return;
      }
      if (dryRun) {
        context.err(shown`${pointerChanges(operation)}Nothing was changed.\n`);
        return;
      }
      const undo = commandLine("t4", "undo", name, ...registryWords(named));
      context.err(
        shown`Took out ${what}. ${topHash === undefined ? "" : namesGone(operation)}${undo} brings it back.\n`,
      );
    });
};
