import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import {
  type CommonOptions,
  chosenWorkflow,
  DRY_RUN,
  examples,
  MESSAGE,
  NO_WORKFLOW,
  QUIET,
  WORKFLOW,
} from "../options.js";
import { progressLine } from "../progress.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .argument("[directory]", "the directory", ".")
    .option(...MESSAGE)
    .option("--registry <registry>", "where the revision is kept; default: your local registry")
    .option("--snapshot", "copy the files into the registry, so that later edits cannot spoil the revision")
    .option(...WORKFLOW)
    .option(...NO_WORKFLOW)
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText("after", examples("t4 build alice/weather ./data -m 'Cleaned'"))
    .action(async (name: string, directory: string, options: CommonOptions & { readonly snapshot?: boolean }) => {
      const { message, registry, snapshot, dryRun, quiet } = options;
      const { signal } = context;
      const line = progressLine(context, quiet);
      const pkg = await new Package().setDir("", directory, { signal });
      const topHash = await pkg.build(name, {
        message,
        registry,
        snapshot,
        workflow: chosenWorkflow(options),
        dryRun,
        signal,
        onProgress: line.onProgress,
      });
      line.clear();
      context.out(`${topHash}\n`);
      if (quiet === true) return;
      context.err(
        dryRun === true
          ? `Would be the top hash of ${name}. Nothing was written.\n`
          : `Built ${name}. Next: t4 push ${name} ${directory} <registry> -m "…"\n`,
      );
    });
};
