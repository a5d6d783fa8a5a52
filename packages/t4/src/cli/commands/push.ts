import { resolve } from "node:path";
import { Option } from "commander";
import { type CopyPolicy, type PackageDiff, type PushReport } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, inDirectory, registryWords, suggestNext } from "../command-line.js";
import { changeLines, changeSummary, compare, isEqual } from "../comparison.js";
import type { CliContext } from "../context.js";
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
  VERBOSE,
  WORKFLOW,
} from "../options.js";
import { withProgress } from "../progress.js";
import { openPushSource, type PushSource, type PushWords } from "../push-source.js";
import { short } from "../render.js";
import { type Shown, shown } from "../shown.js";

interface Options extends CommonOptions {
  readonly force?: boolean;
  readonly dedupe?: boolean;
  readonly copy?: CopyPolicy;
  readonly dest?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .argument("[directory]", "the directory", ".")
    .argument("[registry]", "the registry; default: the directory's, your configured or local one")
    .option(...MESSAGE)
    .option(...META)
    .option("--registry <registry>", "the same as the third argument")
    .option("-f, --force", "put this directory's state on top of whatever is latest")
    .option("--dedupe", "publish nothing when the latest revision is the same")
    .addOption(
      new Option(
        "--copy <which>",
        "whose bytes are copied into the registry: those that it has not, all, local files, none",
      )
        .choices(["missing", "all", "local", "none"])
        .default("missing"),
    )
    .option("--dest <directory>", "a directory in the registry that gets new files under their own names")
    .option(...WORKFLOW)
    .option(...NO_WORKFLOW)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...VERBOSE)
    .addHelpText(
      "after",
      examples(
        't4 push alice/weather ./data ./registry -m "First version"',
        `t4 push alice/weather ./data ./registry -m "With facts" --meta '{"station": 7, "scale": 1.0}'`,
        'cd copy && t4 push -m "Fixed a typo"',
        "HASH=$(t4 push alice/weather ./data ./registry)",
      ),
    )
    .action(async (name: string | undefined, directory: string, registry: string | undefined, options: Options) => {
      await push(context, { ...options, name, directory, location: registry ?? options.registry });
    });
};

type Request = Options & PushWords;

async function push(context: CliContext, request: Request): Promise<void> {
  const { quiet, verbose, dryRun, message, force, dedupe, copy, dest } = request;
  const { signal } = context;
  // Loaded beside the rest: what every start of a push parses is small.
  const { checkPushWords } = await import("../push-words.js");
  const { warnOfSecrets } = await import("../secret-files.js");
  checkPushWords(request);
  const source = await withProgress(context, quiet, (onProgress) => openPushSource(request, { signal, onProgress }));
  const { pkg, name, registry } = source;
  setChosenMeta(pkg, request);
  const comparison = compare(source.before, pkg);
  if (quiet !== true) {
    context.err(shown`${resolve(request.directory)} as ${name} to ${registry}: ${changeSummary(comparison)}\n`);
    warnOfSecrets(context, [...comparison.added, ...comparison.modified]);
    if (verbose === true || dryRun === true) context.err(await changeLines(comparison, context.paintErr));
  }
  const options = { message, force, dedupe, copy, dest, workflow: chosenWorkflow(request), dryRun, signal };
  let report: PushReport | undefined;
  const onReport = (done: PushReport): void => void (report = done);
  const topHash = await withProgress(context, quiet, (onProgress) =>
    pkg.push(name, registry, { ...options, onProgress, onReport }),
  );
  if (dryRun !== true) await remember(context, source, request.directory);
  context.out(shown`${topHash}\n`);
  warnIfOvertaken(context, report);
  if (report?.parent !== undefined && report.parent !== source.beforeTopHash)
    warnOfReplaced(context, { name, location: request.location, parent: report.parent });
  if (quiet === true) return;
  context.err(outcome({ ...source, ...request, comparison, topHash, isPublished: report?.isPublished === true }));
  if (dryRun !== true) suggestNext(context, nextLine(request));
}

interface Done extends Pick<PushSource, "beforeTopHash">, Pick<Options, "dryRun" | "force"> {
  readonly comparison: PackageDiff;
  readonly topHash: string;
  readonly isPublished: boolean;
}

/** What became of the push, in one line. */
function outcome({ beforeTopHash, topHash, comparison, isPublished, dryRun, force }: Done): Shown {
  const isSame = topHash === beforeTopHash && force !== true;
  if (dryRun === true) return shown`Would be its top hash. Nothing was published.\n`;
  if (!isPublished) return shown`The latest revision is the same already: nothing was published.\n`;
  if (isSame) return shown`Nothing changed: the same revision is listed once more. With --dedupe it is not.\n`;
  if (!isEqual(comparison) || beforeTopHash === undefined) return shown`Published.\n`;
  return shown`Published: nothing but the message changed.\n`;
}

function nextLine({ name, directory, location }: Request): string {
  if (name === undefined) return inDirectory(directory, "t4 log");
  return commandLine("t4", "log", name, ...registryWords(location));
}

function warnIfOvertaken({ err, paintErr }: CliContext, report: PushReport | undefined): void {
  if (report?.overtakenBy === undefined) return;
  err(
    shown`${paintErr("yellow", "warning:")} a client without safe publishing made ${report.overtakenBy} the latest meanwhile. Both revisions are in the history; t4 rollback chooses.\n`,
  );
}

/** With --force, what others published meanwhile is no longer in the latest revision. */
function warnOfReplaced(
  { err, paintErr }: CliContext,
  { name, location, parent }: { readonly name: string; readonly location: string | undefined; readonly parent: string },
): void {
  const registry = registryWords(location);
  const look = commandLine("t4", "show", `${name}@${short(parent)}`, ...registry);
  const back = commandLine("t4", "undo", name, ...registry);
  err(
    shown`${paintErr("yellow", "warning:")} this replaces ${short(parent)}, which the directory had not taken in. ${look} shows it; ${back} takes this back.\n`,
  );
}

/** What cannot be remembered is published all the same. */
async function remember(context: CliContext, { pkg }: PushSource, directory: string): Promise<void> {
  try {
    await pkg.remember(directory);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.err(shown`note: ${directory} does not remember this revision: ${why}\n`);
  }
}
