import { type Operation, openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json, short } from "../render.js";
import { type Shown, shown } from "../shown.js";
import { targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .usage("[options] [reference] <tag>")
    .argument("<reference>", "<author>/<package>[@<revision>]; default: the revision that the directory stands on")
    .argument("[tag]", "the name")
    .option(...REGISTRY)
    .option("-d, --delete", "take the tag away")
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples("t4 tag alice/weather@latest~1 stable --registry ./registry", "cd copy && t4 tag v1"),
    )
    .action(
      async (first: string, second: string | undefined, options: CommonOptions & { readonly delete?: boolean }) => {
        const tag = second ?? first;
        const target = await targetOf(second === undefined ? undefined : first, options);
        const { name, revision } = target;
        const { dryRun } = options;
        const registry = await openRegistry(target.registry);
        const operation =
          options.delete === true
            ? await registry.untag(name, tag, { dryRun })
            : await registry.tag(name, tag, { revision, dryRun });
        if (options.json === true) {
          context.out(json(operation));
          return;
        }
        context.err(shown`${described(operation, tag)}\n`);
        if (dryRun === true) context.err(shown`Nothing was changed.\n`);
        else if (operation.changes.length > 0)
          context.err(shown`${commandLine("t4", "undo", name, ...registryWords(target.named))} takes this back.\n`);
      },
    );
};

/** What became of the tag: one that moves leaves a revision without its name, which must not go unnoticed. */
function described({ changes }: Operation, tag: string): Shown {
  const [change] = changes;
  if (change === undefined) return shown`${tag} stood there already.`;
  const { before, after } = change;
  if (after === null) return shown`${tag}: taken from ${short(before)}.`;
  return before === null
    ? shown`${tag}: ${short(after)}.`
    : shown`${tag}: moved from ${short(before)} to ${short(after)}.`;
}
