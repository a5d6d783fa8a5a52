import { isT4Error, Package, type PushReport, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import {
  ALLOW_LOCAL,
  type CommonOptions,
  DRY_RUN,
  examples,
  JSON_OUTPUT,
  QUIET,
  TRUST_BUCKET,
  type TrustOptions,
  trusted,
} from "../options.js";
import { withProgress } from "../progress.js";
import { json } from "../render.js";
import { type Shown, shown } from "../shown.js";

interface Options extends CommonOptions, TrustOptions {
  readonly force?: boolean;
}

/** What became of a copy. */
interface Outcome {
  readonly name: string;
  readonly to: string;
  readonly dryRun: boolean | undefined;
  readonly isCopied: boolean;
}

/** Of a copy that ends at a damaged file, those before it are there already. */
function leftover(to: string): Shown {
  return shown`Nothing was published in ${to}; files that were copied already stay there for the next try, until t4 gc.\n`;
}

function outcome({ name, to, dryRun, isCopied }: Outcome): Shown {
  if (isCopied) return shown`Copied ${name} to ${to}.\n`;
  if (dryRun === true) return shown`Nothing was copied.\n`;
  return shown`The latest revision of ${name} in ${to} is the same already: nothing was copied.\n`;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<from>", "the registry that has it, a folder or bucket")
    .argument("<to>", "the registry that gets it, a folder or bucket")
    .option(
      "-f, --force",
      "put it on top of whatever is latest there, also of the same revision, and bring what is missing there",
    )
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 copy alice/weather ./registry /mnt/team/registry"))
    .action(async (reference: string, from: string, to: string, options: Options) => {
      const { force, dryRun, quiet } = options;
      const { name } = parseReference(reference);
      const pkg = await Package.browse(reference, { registry: from, ...trusted(options) });
      const { message } = pkg;
      const { signal } = context;
      let report: PushReport | undefined;
      const onReport = (done: PushReport): void => void (report = done);
      const topHash = await withProgress(context, quiet, (onProgress) =>
        pkg.push(name, to, { message, force, dedupe: force !== true, dryRun, signal, onProgress, onReport }),
      ).catch((error: unknown) => {
        if (isT4Error(error, "ERR_T4_INTEGRITY") && quiet !== true) context.err(leftover(to));
        throw error;
      });
      context.out(options.json === true ? json(report) : shown`${topHash}\n`);
      if (quiet === true || options.json === true) return;
      context.err(outcome({ name, to, dryRun, isCopied: report?.isPublished === true }));
      if (dryRun !== true) suggestNext(context, commandLine("t4", "log", name, "--registry", to));
    });
};
