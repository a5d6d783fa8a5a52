import { type Operation, openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json } from "../render.js";
import { type Shown, shown } from "../shown.js";
import { targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>@<revision>; in a directory that was installed or pushed, @<revision>")
    .option(...REGISTRY)
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 rollback alice/weather@latest~1 --registry ./registry"))
    .action(async (text: string, { registry, dryRun, json: isJson }: CommonOptions) => {
      const { name, revision, registry: location, named } = await targetOf(text, { registry });
      if (revision === undefined) {
        throw new T4Error("ERR_T4_USAGE", "Name the revision to go back to.", {
          hint: commandLine("t4", "rollback", `${name}@latest~1`, ...registryWords(named)),
        });
      }
      const opened = await openRegistry(location);
      const topHash = await opened.resolve(name, revision);
      const operation = await opened.rollback(name, topHash, { dryRun });
      if (isJson === true) {
        context.out(json(operation));
        return;
      }
      context.out(shown`${topHash}\n`);
      context.err(shown`${outcome(operation, dryRun, commandLine("t4", "undo", name, ...registryWords(named)))}\n`);
    });
};

/** What became of `latest`; nothing is to be taken back where nothing was done. */
function outcome({ changes }: Operation, dryRun: boolean | undefined, undo: string): Shown {
  if (changes.length === 0) return shown`latest stood there already.`;
  return dryRun === true ? shown`Would become the latest revision.` : shown`Latest now. ${undo} takes this back.`;
}
