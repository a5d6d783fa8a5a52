import { openRegistry, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY } from "../options.js";
import { pointerChanges } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<tag>", "the name")
    .option(...REGISTRY)
    .option("-d, --delete", "take the tag away")
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 tag alice/weather@latest~1 stable --registry ./registry"))
    .action(async (text: string, tag: string, options: CommonOptions & { readonly delete?: boolean }) => {
      const { name, revision } = parseReference(text);
      const { dryRun } = options;
      const registry = await openRegistry(options.registry);
      const operation =
        options.delete === true
          ? await registry.untag(name, tag, { dryRun })
          : await registry.tag(name, tag, { revision, dryRun });
      context.err(`${pointerChanges(operation)}${dryRun === true ? "Nothing was changed.\n" : ""}`);
    });
};
