import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type DirectoryBase, directoryBase, type InstallReport, openRegistry, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, inDirectory, isAround, suggestNext } from "../command-line.js";
import type { CliContext } from "../context.js";
import { findHere, keyFromHere, pathFromHere, placeFromHere, workplace } from "../here.js";
import { type CommonOptions, DRY_RUN, examples, QUIET, REGISTRY, TRUST_BUCKET } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, short } from "../render.js";
import { type Shown, shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions {
  readonly dest?: string;
  readonly path?: string;
  readonly overwrite?: boolean;
  readonly allowLocal?: string[];
  readonly trustBucket?: string[];
}

/** What is installed, from where and into which directory. */
interface Job {
  readonly reference: string;
  readonly registry: string | undefined;
  /** `undefined`: where packages are installed by default. */
  readonly dest: string | undefined;
  /** `undefined`: all of the package. */
  readonly path: string | undefined;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>][/<path>]; default: the latest of what the directory was installed as",
    )
    .option(...REGISTRY)
    .option(
      "--dest <directory>",
      "the directory that gets the files; default: the one around you that has the package, else your install location",
    )
    .option("--path <path>", "only this directory or file of the package")
    .option(
      "--overwrite",
      "replace files that were changed or were there before, and remove those that the revision has no more",
    )
    .option("--allow-local <directory...>", "directories outside the registry that the package may point into")
    .option(...TRUST_BUCKET)
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText(
      "after",
      examples(
        "t4 install alice/weather --registry ./registry --dest ./copy",
        "cd copy && t4 install",
        "cd copy && t4 install --path 2024",
      ),
    )
    .action((reference: string | undefined, options: Options) => install(context, reference, options));
};

async function install(context: CliContext, text: string | undefined, options: Options): Promise<void> {
  const { overwrite, allowLocal, trustBucket: trustBuckets, dryRun, quiet } = options;
  const { signal } = context;
  const { reference, ...job } = await jobOf(text, options);
  let report: InstallReport | undefined;
  const onReport = (done: InstallReport): void => void (report = done);
  const request = { ...job, overwrite, allowLocal, trustBuckets, dryRun, signal, onReport };
  const pkg = await withProgress(context, quiet, (onProgress) =>
    Package.install(reference, { ...request, onProgress }),
  );
  if (report === undefined) return;
  const isPart = job.path !== undefined;
  await tell(context, { report, topHash: pkg.topHash(), isPart, options });
}

/** Without a reference, the latest of what the directory was installed as; paths count from where the user stands then. */
async function jobOf(text: string | undefined, { registry, dest, path }: Options): Promise<Job> {
  if (text === undefined) {
    const place = await workplace(dest);
    const key = path === undefined ? undefined : dest === undefined ? keyFromHere(place, path) : path;
    return { reference: place.name, registry: registry ?? place.registry, dest: place.root, path: key };
  }
  const target = await targetOf(text, { registry, path: "may" });
  const job = { reference: referenceTo(target), registry: target.registry, path: path ?? target.path };
  return { ...job, dest: dest ?? (await around(target)) };
}

/** The directory around the user, if it has that package of that registry. */
async function around({
  name,
  registry,
}: {
  readonly name: string;
  readonly registry: string | undefined;
}): Promise<string | undefined> {
  const here = await findHere();
  if (here?.name !== name) return undefined;
  const [own, wanted] = [await openRegistry(here.registry), await openRegistry(registry)];
  return own.identity === wanted.identity ? here.root : undefined;
}

interface Done {
  readonly report: InstallReport;
  readonly topHash: string;
  readonly isPart: boolean;
  readonly options: Options;
}

async function tell(context: CliContext, done: Done): Promise<void> {
  const { report, topHash, isPart } = done;
  const { quiet, dryRun = false } = done.options;
  const place = placeFromHere(report.directory);
  const base = await directoryBase(report.directory);
  tellKept(context, report, quiet);
  if (quiet !== true) context.err(summary(done, place));
  // A part of another revision is a change of the files, not of what the directory stands on.
  const isMixed = isPart && base !== undefined && base.topHash !== topHash;
  if (isMixed && quiet !== true) context.err(mixed(base, place));
  if (report.conflicts.length > 0) throw partial(report, { place, isPart, dryRun });
  // A part of a package is not remembered.
  if (!dryRun && base !== undefined && quiet !== true) suggestNext(context, inDirectory(place, "t4 status"));
}

function summary({ report, topHash, options }: Done, place: string): Shown {
  const { written, already, removed } = report;
  const gone = removed.length > 0 ? `, ${removed.length} removed` : "";
  const what = `${counted(written, "file")} written, ${already} already right${gone}`;
  return shown`${options.dryRun === true ? "Would install" : "Installed"} ${short(topHash)} in ${place}: ${what}.\n`;
}

function mixed({ name, topHash }: DirectoryBase, place: string): Shown {
  const status = inDirectory(place, "t4 status");
  return shown`${place} still stands on ${name}@${short(topHash)}: ${status} shows what is new as changed.\n`;
}

/** What was changed here and by nobody else stays, which is no failure. */
function tellKept({ err, paintErr }: CliContext, report: InstallReport, quiet: boolean | undefined): void {
  const { kept, conflicts, directory } = report;
  const clashes = new Set(conflicts);
  const nameOf = (key: string): string => pathFromHere({ root: placeFromHere(directory) }, key);
  const isThere = (key: string): boolean => lstatSync(join(directory, key), { throwIfNoEntry: false }) !== undefined;
  for (const key of kept) {
    if (clashes.has(key)) err(shown`conflict ${nameOf(key)}: the file here and the one of the revision differ\n`);
    else if (quiet !== true) err(shown`kept ${nameOf(key)}: ${isThere(key) ? "changed" : "deleted"} here only\n`);
  }
  if (kept.length === conflicts.length || quiet === true) return;
  err(
    shown`${paintErr("dim", "note:")} what only you changed stays as it is; --overwrite takes the revision's files.\n`,
  );
}

function partial(
  { kept, conflicts }: InstallReport,
  { place, isPart, dryRun }: { readonly place: string; readonly isPart: boolean; readonly dryRun: boolean },
): T4Error {
  const [first = ""] = conflicts;
  const path = isAround(place) ? pathFromHere({ root: place }, first) : first;
  const resolve = inDirectory(place, commandLine("t4", "resolve", "--theirs", path));
  return new T4Error(
    "ERR_T4_PARTIAL",
    `${counted(conflicts.length, "file")} in conflict, kept here as before; all others ${dryRun ? "would be" : "are"} installed.`,
    {
      hint: isPart
        ? "Move them away, or --overwrite takes theirs for all."
        : `For example ${resolve} takes theirs, --mine says that yours is right; --overwrite takes theirs for all.`,
      facts: { kept, conflicts },
    },
  );
}
