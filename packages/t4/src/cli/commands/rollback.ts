import { openRegistry, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY } from "../options.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>@<revision>")
    .option(...REGISTRY)
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 rollback alice/weather@latest~1 --registry ./registry"))
    .action(async (text: string, { registry: location, dryRun }: CommonOptions) => {
      const { name, revision } = parseReference(text);
      if (revision === undefined) {
        throw new T4Error("ERR_T4_USAGE", "Name the revision to go back to.", { hint: `t4 rollback ${name}@latest~1` });
      }
      const registry = await openRegistry(location);
      const topHash = await registry.resolve(name, revision);
      await registry.rollback(name, topHash, { dryRun });
      context.out(`${topHash}\n`);
      context.err(
        dryRun === true ? "Would become the latest revision.\n" : `Latest now. t4 undo ${name} takes this back.\n`,
      );
    });
};
