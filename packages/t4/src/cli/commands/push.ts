import { Option } from "commander";
import { type CopyPolicy, isT4Error, openRegistry, Package, type PushReport, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import {
  type CommonOptions,
  chosenWorkflow,
  DRY_RUN,
  examples,
  MESSAGE,
  NO_WORKFLOW,
  QUIET,
  VERBOSE,
  WORKFLOW,
} from "../options.js";
import { progressLine } from "../progress.js";
import { changeSummary, changes } from "../render.js";

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
        'cd copy && t4 push -m "Fixed a typo"',
        "HASH=$(t4 push alice/weather ./data ./registry)",
      ),
    )
    .action(async (name: string | undefined, directory: string, registry: string | undefined, options: Options) => {
      await push(context, { ...options, name, directory, location: registry ?? options.registry });
    });
};

interface Request extends Options {
  readonly name: string | undefined;
  readonly directory: string;
  readonly location: string | undefined;
}

async function push(context: CliContext, request: Request): Promise<void> {
  const { quiet, verbose, dryRun, force, dedupe, copy, dest, message } = request;
  const { pkg, before, name, registry, topHash: base } = await open(context, request);
  const diff = before.diff(pkg);
  if (quiet !== true) {
    if (verbose === true || dryRun === true) context.err(changes(diff, context.paintErr));
    context.err(`${name} to ${registry ?? "the default registry"}: ${changeSummary(diff)}\n`);
  }
  const line = progressLine(context, quiet);
  let report: PushReport | undefined;
  const topHash = await pkg.push(name, registry, {
    message,
    force,
    dedupe,
    copy,
    dest,
    workflow: chosenWorkflow(request),
    dryRun,
    signal: context.signal,
    onProgress: line.onProgress,
    onReport: (done) => {
      report = done;
    },
  });
  line.clear();
  if (dryRun !== true) await remember(context, pkg, request.directory);
  context.out(`${topHash}\n`);
  warnIfOvertaken(context, report);
  if (report?.parent !== undefined && report.parent !== base) warnOfReplaced(context, { name, parent: report.parent });
  if (quiet !== true) context.err(nextStep(request, { name, registry, isPublished: report?.isPublished === true }));
}

function nextStep(
  { dryRun }: Request,
  done: { readonly name: string; readonly registry: string | undefined; readonly isPublished: boolean },
): string {
  if (dryRun === true) return "Would be its top hash. Nothing was published.\n";
  const { name, registry, isPublished } = done;
  const log = `t4 log ${name}${registry === undefined ? "" : ` --registry ${registry}`}`;
  return `${isPublished ? "Published" : "The latest revision is the same already; nothing was published"}. Next: ${log}\n`;
}

function warnIfOvertaken({ err, paintErr }: CliContext, report: PushReport | undefined): void {
  if (report?.overtakenBy === undefined) return;
  err(
    `${paintErr("yellow", "warning:")} a client without safe publishing made ${report.overtakenBy} the latest meanwhile. ` +
      "Both revisions are in the history; t4 rollback chooses.\n",
  );
}

/** With --force, what others published meanwhile is no longer in the latest revision. */
function warnOfReplaced(
  { err, paintErr }: CliContext,
  { name, parent }: { readonly name: string; readonly parent: string },
): void {
  err(
    `${paintErr("yellow", "warning:")} this replaces ${parent.slice(0, 12)}, which the directory had not taken in. ` +
      `t4 diff ${name}@${parent.slice(0, 12)} shows what that changed; t4 undo ${name} takes it back.\n`,
  );
}

/** A directory that cannot be written to is published all the same; it only does not remember. */
async function remember(context: CliContext, pkg: Package, directory: string): Promise<void> {
  try {
    await pkg.remember(directory);
  } catch {
    context.err(`note: ${directory} cannot be written to, so it does not remember this revision.\n`);
  }
}

interface Opened {
  readonly pkg: Package;
  /** What it is compared with. */
  readonly before: Package;
  readonly name: string;
  readonly registry: string | undefined;
  /** The revision that it stands on; `undefined`: there is none yet. */
  readonly topHash: string | undefined;
}

async function open({ signal }: CliContext, request: Request): Promise<Opened> {
  const { location } = request;
  const directory = await Package.openDirectory(request.directory, { signal });
  const name = request.name ?? directory?.name;
  if (name === undefined) {
    throw new T4Error("ERR_T4_USAGE", `${request.directory} was neither installed nor pushed: name the package.`, {
      hint: "t4 push <author>/<package> <directory> <registry>",
    });
  }
  if (directory?.name === name && (await isSame(location, directory.registry))) {
    const registry = location ?? directory.registry;
    return { pkg: directory.current, before: directory.base, name, registry, topHash: directory.topHash };
  }
  const found = await browseIfThere(name, location);
  const before = found ?? new Package();
  const pkg = await before.filter(() => true).setDir("", request.directory, { mirror: true, signal });
  await pkg.hashPending({ signal });
  return { pkg, before, name, registry: location, topHash: found?.topHash() };
}

/** Whether the registry that is asked for is the directory's, by whatever path. */
async function isSame(location: string | undefined, registry: string): Promise<boolean> {
  if (location === undefined) return true;
  return (await openRegistry(location)).identity === (await openRegistry(registry)).identity;
}

async function browseIfThere(name: string, registry: string | undefined): Promise<Package | undefined> {
  try {
    return await Package.browse(name, { registry });
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return undefined;
    throw error;
  }
}
