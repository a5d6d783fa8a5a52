import { openRegistry, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY } from "../options.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .option(...REGISTRY)
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 undo alice/weather --registry ./registry"))
    .action(async (text: string, { registry, dryRun }: CommonOptions) => {
      const { name } = parseReference(text);
      const { kind } = await (await openRegistry(registry)).undo(name, { dryRun });
      context.err(
        dryRun === true
          ? `Would take back: ${kind}.\n`
          : `Took back: ${kind}. The same command again does it once more.\n`,
      );
    });
};
