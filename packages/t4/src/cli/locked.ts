import { type InstallReport, type Lock, openLock, type Package, type Pin, T4Error } from "t4";
import type { CliContext } from "./context.js";
import { placeFromHere } from "./here.js";
import { tellInstalled } from "./install-report.js";
import type { CommonOptions } from "./options.js";
import { withProgress } from "./progress.js";
import { counted, json, short } from "./render.js";
import { shown } from "./shown.js";

/** What is installed of the pinned packages, and how. */
export interface LockedJob {
  /** One package; `undefined`: all that have a directory. */
  readonly name: string | undefined;
  readonly dest: string | undefined;
  readonly overwrite: boolean | undefined;
  readonly allowLocal: readonly string[] | undefined;
  readonly trustBuckets: readonly string[] | undefined;
  readonly options: CommonOptions;
}

interface Installed {
  readonly pkg: Package;
  readonly report: InstallReport;
}

/** Installs pinned revisions and says what was done; all of them, also where files of one are in conflict. */
export async function installLocked(context: CliContext, job: LockedJob): Promise<void> {
  const lock = await openLock();
  const pins = await chosen(lock, job);
  const done: (Installed & { readonly name: string })[] = [];
  for (const { name } of pins) done.push({ name, ...(await installPin(context, { lock, name, job })) });
  if (job.options.json === true)
    context.out(json(done.map(({ name, pkg, report }) => ({ name, topHash: pkg.topHash(), ...report }))));
  let conflict: unknown;
  for (const { pkg, report } of done) {
    const isInRevision = (key: string): boolean => pkg.has(key);
    const told = { report, topHash: pkg.topHash(), isInRevision, paths: [] };
    try {
      if (job.options.json !== true) await tellInstalled(context, { ...told, options: job.options });
      else if (report.conflicts.length > 0) throw conflicts(report);
    } catch (error) {
      conflict ??= error;
    }
  }
  if (conflict !== undefined) throw conflict;
}

async function installPin(
  context: CliContext,
  { lock, name, job }: { readonly lock: Lock; readonly name: string; readonly job: LockedJob },
): Promise<Installed> {
  const { options, dest, overwrite, allowLocal, trustBuckets } = job;
  const { signal } = context;
  const reports: InstallReport[] = [];
  const onReport = (report: InstallReport): void => void reports.push(report);
  const { dryRun, quiet } = options;
  const request = {
    overwrite,
    allowLocal,
    trustBuckets,
    dryRun,
    signal,
    onReport,
    ...(dest !== undefined && { dest }),
  };
  const pkg = await withProgress(context, quiet, (onProgress) => lock.install(name, { ...request, onProgress }));
  return { pkg, report: reports[0] as InstallReport };
}

async function chosen(lock: Lock, { name, dest }: LockedJob): Promise<readonly Pick<Pin, "name">[]> {
  if (name !== undefined) return [{ name }];
  const pins = await lock.pins();
  if (dest !== undefined) {
    throw new T4Error("ERR_T4_USAGE", "--dest is for one package, and --locked installs all that are pinned.", {
      hint: "Name the package, or pin its directory with t4 add --dest.",
    });
  }
  const placed = pins.filter((pin) => pin.dest !== undefined);
  if (placed.length > 0) return placed;
  throw new T4Error("ERR_T4_USAGE", `${placeFromHere(lock.path)} pins no package with a directory.`, {
    hint: "t4 add <author>/<package> --dest <directory> does.",
    facts: { path: lock.path, pinned: pins.length },
  });
}

function conflicts({ conflicts: keys, directory }: InstallReport): T4Error {
  return new T4Error("ERR_T4_PARTIAL", `${counted(keys.length, "file")} in conflict in ${placeFromHere(directory)}.`, {
    hint: "t4 resolve settles them there.",
    facts: { conflicts: keys, directory },
  });
}

/** Holds every pinned package against its registry and directory, and says what differs. */
export async function verifyLocked(context: CliContext, { json: asJson, quiet }: CommonOptions): Promise<void> {
  const lock = await openLock();
  const pins = await lock.pins();
  const { signal } = context;
  const wrong: string[] = [];
  const reports: object[] = [];
  for (const pin of pins) {
    const report = await withProgress(context, quiet, (onProgress) => lock.verify(pin.name, { signal, onProgress }));
    reports.push({ name: pin.name, topHash: pin.topHash, ...report });
    if (!report.ok) wrong.push(pin.name);
    if (asJson !== true) tellPin(context, pin, report);
  }
  if (asJson === true) context.out(json(reports));
  if (wrong.length > 0) {
    throw new T4Error("ERR_T4_INTEGRITY", `Not what ${placeFromHere(lock.path)} pins: ${wrong.join(", ")}.`, {
      hint: "t4 install --locked brings missing files back, --overwrite also replaces changed ones; t4 add pins a manifest anew.",
      facts: { packages: wrong },
    });
  }
  if (quiet !== true) context.err(shown`${counted(pins.length, "package")} verified: all as pinned.\n`);
}

function tellPin({ out }: CliContext, pin: Pin, { manifestDigest, files }: Awaited<ReturnType<Lock["verify"]>>): void {
  const { name, topHash, dest } = pin;
  if (manifestDigest === null) out(shown`${name}: the registry has no revision ${short(topHash)} any more\n`);
  else if (manifestDigest !== pin.manifestDigest)
    out(
      shown`${name}: metadata of directories or places of files of ${short(topHash)} are not those that were pinned\n`,
    );
  for (const kind of ["missing", "modified", "extra", "unverifiable"] as const)
    for (const key of files?.[kind] ?? []) out(shown`${name}: ${kind} ${placeFromHere(`${dest}/${key}`)}\n`);
}
