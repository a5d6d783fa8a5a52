import { join, resolve } from "node:path";
import { Package, type SkippedPath } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import {
  type CommonOptions,
  chosenWorkflow,
  DRY_RUN,
  examples,
  JSON_OUTPUT,
  MESSAGE,
  META,
  NO_WORKFLOW,
  QUIET,
  setChosenMeta,
  WORKFLOW,
} from "../options.js";
import { withProgress } from "../progress.js";
import { json } from "../render.js";
import { shown } from "../shown.js";
import { skippedLines } from "../skipped.js";

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
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 build alice/weather ./data -m 'Cleaned' --meta '{\"station\": 7}'"))
    .action(async (name: string, directory: string, options: CommonOptions & { readonly snapshot?: boolean }) => {
      const { message, registry, snapshot, dryRun, quiet } = options;
      const { signal } = context;
      const skipped: SkippedPath[] = [];
      const onSkipped = (one: SkippedPath): void => void skipped.push(one);
      const pkg = await new Package().setDir("", directory, { signal, onSkipped });
      setChosenMeta(pkg, options);
      const workflow = chosenWorkflow(options);
      const request = { message, registry, snapshot, workflow, dryRun, signal };
      const topHash = await withProgress(context, quiet, (onProgress) => pkg.build(name, { ...request, onProgress }));
      context.out(options.json === true ? json({ topHash }) : shown`${topHash}\n`);
      if (quiet === true || options.json === true) return;
      context.err(skippedLines(skipped, { isNamed: true, nameOf: (path) => join(directory, path) }));
      if (dryRun === true) context.err(shown`Would be the top hash of ${name}. Nothing was written.\n`);
      else {
        context.err(shown`Built ${name} from ${resolve(directory)}.\n`);
        suggestNext(context, commandLine("t4", "show", name, "--registry", registry ?? "local"));
      }
    });
};
