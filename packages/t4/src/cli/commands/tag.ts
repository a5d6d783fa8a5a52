import { openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY } from "../options.js";
import { pointerChanges } from "../render.js";
import { shown } from "../shown.js";
import { targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .usage("[options] [reference] <tag>")
    .argument("<reference>", "<author>/<package>[@<revision>]; default: the revision that the directory stands on")
    .argument("[tag]", "the name")
    .option(...REGISTRY)
    .option("-d, --delete", "take the tag away")
    .option(...DRY_RUN)
    .addHelpText(
      "after",
      examples("t4 tag alice/weather@latest~1 stable --registry ./registry", "cd copy && t4 tag v1"),
    )
    .action(
      async (first: string, second: string | undefined, options: CommonOptions & { readonly delete?: boolean }) => {
        const tag = second ?? first;
        const {
          name,
          revision,
          registry: location,
        } = await targetOf(second === undefined ? undefined : first, options);
        const { dryRun } = options;
        const registry = await openRegistry(location);
        const operation =
          options.delete === true
            ? await registry.untag(name, tag, { dryRun })
            : await registry.tag(name, tag, { revision, dryRun });
        context.err(shown`${pointerChanges(operation)}${dryRun === true ? shown`Nothing was changed.\n` : ""}`);
      },
    );
};
