import { type CopyReport, copyPackage, isT4Error, parseReference } from "t4";
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
import { counted, json } from "../render.js";
import { type Shown, shown } from "../shown.js";

interface Options extends CommonOptions, TrustOptions {
  readonly force?: boolean;
  readonly history?: boolean;
}

/** What became of a copy. */
interface Outcome extends Pick<Options, "dryRun" | "history"> {
  readonly name: string;
  readonly to: string;
  readonly copied: CopyReport["copied"];
}

/** Of a copy that ends at a damaged file, those before it are there already. */
function leftover(to: string, { history }: Options): Shown {
  return shown`Nothing${history === true ? " more" : ""} was published in ${to}; files that were copied already stay there for the next try, until t4 gc.\n`;
}

function outcome({ name, to, dryRun, history, copied }: Outcome): Shown {
  const what = history === true ? `${counted(copied.length, "revision")} of ${name}` : name;
  if (dryRun === true) return shown`Nothing was copied${history === true ? `: it would be ${what}` : ""}.\n`;
  if (copied.length > 0) return shown`Copied ${what} to ${to}.\n`;
  const which = history === true ? "history" : "latest revision";
  return shown`The ${which} of ${name} in ${to} is the same already: nothing was copied.\n`;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<from>", "the registry that has it, a folder or bucket")
    .argument("<to>", "the registry that gets it, a folder or bucket")
    .option("--history", "all revisions with their times, the first one first; those that are there already stay")
    .option(
      "-f, --force",
      "put it on top of whatever is latest there, also of the same revision, and bring what is missing there",
    )
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 copy alice/weather ./registry /mnt/team/registry",
        "t4 copy alice/weather ./registry /mnt/team/mirror --history",
      ),
    )
    .action(async (reference: string, from: string, to: string, options: Options) => {
      const { history, force, dryRun, quiet } = options;
      const { name } = parseReference(reference);
      const { signal } = context;
      const report = await withProgress(context, quiet, (onProgress) =>
        copyPackage(reference, to, { registry: from, history, force, dryRun, signal, onProgress, ...trusted(options) }),
      ).catch((error: unknown) => {
        if (isT4Error(error, "ERR_T4_INTEGRITY") && quiet !== true) context.err(leftover(to, options));
        throw error;
      });
      context.out(options.json === true ? json(report) : shown`${report.topHash}\n`);
      if (quiet === true || options.json === true) return;
      context.err(outcome({ name, to, dryRun, history, copied: report.copied }));
      if (dryRun !== true) suggestNext(context, commandLine("t4", "log", name, "--registry", to));
    });
};
