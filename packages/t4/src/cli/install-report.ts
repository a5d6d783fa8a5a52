import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type DirectoryBase, directoryBase, type InstallReport, T4Error } from "t4";
import { commandLine, inDirectory, isAround, suggestNext } from "./command-line.js";
import type { CliContext } from "./context.js";
import { pathFromHere, placeFromHere } from "./here.js";
import type { CommonOptions } from "./options.js";
import { count, counted, json, short } from "./render.js";
import { type Shown, shown } from "./shown.js";

const ALL = (): boolean => true;

/** What was installed, and how the user asked for it. */
export interface Done {
  readonly report: InstallReport;
  readonly topHash: string;
  readonly isInRevision: (key: string) => boolean;
  /** The parts; none: all of the package. */
  readonly paths: readonly string[];
  readonly options: Pick<CommonOptions, "json" | "quiet" | "dryRun">;
}

/**
 * Says what was installed and what was kept.
 *
 * @throws {@link T4Error} `ERR_T4_PARTIAL` when files are in conflict.
 */
export async function tellInstalled(context: CliContext, done: Done): Promise<void> {
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
  const gone = removed.length > 0 ? `, ${count(removed.length)} removed` : "";
  const what = `${counted(written, "file")} written, ${count(already)} already right${gone}`;
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
