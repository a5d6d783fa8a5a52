import { lstatSync } from "node:fs";
import { join } from "node:path";
import {
  type DirectoryBase,
  directoryBase,
  type InstallReport,
  openRegistry,
  Package,
  parseReference,
  T4Error,
} from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, inDirectory, isAround, suggestNext } from "../command-line.js";
import type { CliContext } from "../context.js";
import { findHere, keyFromHere, pathFromHere, placeFromHere, workplace } from "../here.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET, REGISTRY, TRUST_BUCKET } from "../options.js";
import { withProgress } from "../progress.js";
import { counted, json, short } from "../render.js";
import { type Shown, shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions {
  readonly dest?: string;
  readonly path?: readonly string[];
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
  /** Parts of the package; none: all of it. */
  readonly paths: readonly string[];
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
    .option(
      "--path <path>",
      "only this directory or file of the package, may be repeated; a directory that has the package gets it in its place, any other right below --dest, and does not remember it",
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option(
      "--overwrite",
      "replace files that were changed or were there before, and remove those that the revision has no more",
    )
    .option("--allow-local <directory...>", "directories outside the registry that the package may point into")
    .option(...TRUST_BUCKET)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 install alice/weather --registry ./registry --dest ./copy",
        "cd copy && t4 install",
        "cd copy && t4 install --path 2024 --path readme.md",
      ),
    )
    .action((reference: string | undefined, options: Options) => install(context, reference, options));
};

async function install(context: CliContext, text: string | undefined, options: Options): Promise<void> {
  const { overwrite, allowLocal, trustBucket: trustBuckets, dryRun, quiet } = options;
  const { signal } = context;
  const { paths, reference: asked, ...job } = await jobOf(text, options);
  const request = { ...job, overwrite, allowLocal, trustBuckets, dryRun, signal };
  let reference = asked;
  let topHash = "";
  let isInRevision: Done["isInRevision"] = ALL;
  const reports: InstallReport[] = [];
  const onReport = (done: InstallReport): void => void reports.push(done);
  for (const path of paths.length === 0 ? [undefined] : paths) {
    const part = { ...request, path, onReport };
    const pkg = await withProgress(context, quiet, (onProgress) => Package.install(reference, { ...part, onProgress }));
    // All parts are of one revision, whatever others publish meanwhile.
    topHash = pkg.topHash();
    isInRevision = (key) => pkg.has(key);
    reference = `${parseReference(reference).name}@${topHash}`;
  }
  const report = together(reports);
  if (report !== undefined) await tell(context, { report, topHash, isInRevision, paths, options });
}

/** What was done with all parts, each of which went into the same directory. */
function together([first, ...others]: readonly InstallReport[]): InstallReport | undefined {
  if (first === undefined) return undefined;
  return others.reduce(
    (sum, next) => ({
      directory: sum.directory,
      written: sum.written + next.written,
      already: sum.already + next.already,
      kept: [...sum.kept, ...next.kept],
      conflicts: [...sum.conflicts, ...next.conflicts],
      removed: [...sum.removed, ...next.removed],
    }),
    first,
  );
}

/** Without a reference, the latest of what the directory was installed as; paths count from where the user stands then. */
async function jobOf(text: string | undefined, { registry, dest, path: paths = [] }: Options): Promise<Job> {
  if (text === undefined) {
    const place = await workplace(dest);
    const keys = dest === undefined ? paths.map((path) => keyFromHere(place, path)) : paths;
    return { reference: place.name, registry: registry ?? place.registry, dest: place.root, paths: keys };
  }
  const target = await targetOf(text, { registry, path: "may" });
  const own = target.path === undefined ? [] : [target.path];
  const parts = paths.length === 0 ? own : paths;
  const job = { reference: referenceTo(target), registry: target.registry, paths: parts };
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

const ALL = (): boolean => true;

interface Done {
  readonly report: InstallReport;
  readonly topHash: string;
  readonly isInRevision: (key: string) => boolean;
  /** The parts; none: all of the package. */
  readonly paths: readonly string[];
  readonly options: Options;
}

async function tell(context: CliContext, done: Done): Promise<void> {
  const { report, paths, options } = done;
  const place = placeFromHere(report.directory);
  const base = await directoryBase(report.directory);
  const isPart = paths.some((path) => path !== "");
  if (options.json === true) context.out(json(report));
  else tellPeople(context, { ...done, place, base, isPart });
  if (report.conflicts.length > 0) throw partial(report, { place, isPart, dryRun: options.dryRun === true });
  const isTold = options.json !== true && options.quiet !== true && options.dryRun !== true;
  // A part of a package is not remembered.
  if (isTold && base !== undefined) suggestNext(context, inDirectory(place, "t4 status"));
}

interface Told extends Done {
  readonly place: string;
  /** What the directory remembers. */
  readonly base: DirectoryBase | undefined;
  readonly isPart: boolean;
}

function tellPeople(context: CliContext, { place, base, isPart, ...done }: Told): void {
  const { report, topHash, paths, options } = done;
  const { quiet = false, dryRun = false } = options;
  // Keys of a part that is placed elsewhere are not those of the package, which has all of them.
  const isInRevision = base === undefined ? ALL : done.isInRevision;
  tellKept(context, { report, isInRevision, quiet });
  if (quiet) return;
  context.err(summary(done, place));
  if (!isPart) return;
  if (base === undefined) context.err(loose(context, { paths, place, dryRun }));
  // A part of another revision is a change of the files, not of what the directory stands on.
  else if (base.topHash !== topHash) context.err(mixed(base, place));
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

/** A part on its own is no copy of the package: what it is called there, and that no command knows it, is said at once. */
function loose(
  { paintErr }: CliContext,
  { paths, place, dryRun }: { readonly paths: readonly string[]; readonly place: string; readonly dryRun: boolean },
): Shown {
  const [are, does] = dryRun ? ["would be", "would"] : ["are", "does"];
  return shown`${paintErr("dim", "note:")} files of ${paths.join(", ")} ${are} right below ${place}, without the path before them. It ${does} not remember a part: t4 status and t4 push know nothing of it.\n`;
}

/** What was changed here and by nobody else stays, which is no failure. */
function tellKept(
  { err, paintErr }: CliContext,
  {
    report,
    isInRevision,
    quiet,
  }: { readonly report: InstallReport; readonly isInRevision: (key: string) => boolean; readonly quiet: boolean },
): void {
  const { kept, conflicts, directory } = report;
  const clashes = new Set(conflicts);
  const nameOf = (key: string): string => pathFromHere({ root: placeFromHere(directory) }, key);
  const isThere = (key: string): boolean => lstatSync(join(directory, key), { throwIfNoEntry: false }) !== undefined;
  for (const key of kept) {
    if (clashes.has(key)) err(shown`conflict ${nameOf(key)}: ${clashOf(isThere(key), isInRevision(key))}\n`);
    else if (!quiet) err(shown`kept ${nameOf(key)}: ${isThere(key) ? "changed" : "deleted"} here only\n`);
  }
  if (kept.length === conflicts.length || quiet) return;
  err(
    shown`${paintErr("dim", "note:")} what only you changed stays as it is; --overwrite takes the revision's files.\n`,
  );
}

function clashOf(isHere: boolean, isInRevision: boolean): string {
  if (!isHere) return "deleted here, changed in the revision";
  return isInRevision ? "the file here and the one of the revision differ" : "changed here, deleted in the revision";
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
