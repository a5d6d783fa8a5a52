import { resolve } from "node:path";
import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import {
  type CommonOptions,
  chosenWorkflow,
  DRY_RUN,
  examples,
  MESSAGE,
  META,
  NO_WORKFLOW,
  QUIET,
  setChosenMeta,
  WORKFLOW,
} from "../options.js";
import { withProgress } from "../progress.js";
import { shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .argument("[directory]", "the directory", ".")
    .option(...MESSAGE)
    .option(...META)
    .option("--registry <registry>", "where the revision is kept; default: your local registry")
    .option("--snapshot", "copy the files into the registry, so that later edits cannot spoil the revision")
    .option(...WORKFLOW)
    .option(...NO_WORKFLOW)
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText("after", examples("t4 build alice/weather ./data -m 'Cleaned' --meta '{\"station\": 7}'"))
    .action(async (name: string, directory: string, options: CommonOptions & { readonly snapshot?: boolean }) => {
      const { message, registry, snapshot, dryRun, quiet } = options;
      const { signal } = context;
      const pkg = await new Package().setDir("", directory, { signal });
      setChosenMeta(pkg, options);
      const workflow = chosenWorkflow(options);
      const request = { message, registry, snapshot, workflow, dryRun, signal };
      const topHash = await withProgress(context, quiet, (onProgress) => pkg.build(name, { ...request, onProgress }));
      context.out(shown`${topHash}\n`);
      if (quiet === true) return;
      if (dryRun === true) context.err(shown`Would be the top hash of ${name}. Nothing was written.\n`);
      else {
        context.err(shown`Built ${name} from ${resolve(directory)}.\n`);
        suggestNext(context, commandLine("t4", "show", name, "--registry", registry ?? "local"));
      }
    });
};
