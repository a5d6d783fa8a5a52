import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { T4Error } from "../../base/errors.js";
import { andMore } from "../../base/listing.js";
import { readConfig } from "../../config/config-file.js";
import { locations } from "../../config/locations.js";
import { parseDirectoryKey } from "../../format/logical-key.js";
import { parsePackageName } from "../../format/package-name.js";
import { pathOrUrl } from "../../format/physical-key.js";
import { PackageTree } from "../../manifest/package-tree.js";
import type { Before } from "../changes/three-way.js";
import type { InstallOptions, InstallReport } from "../package-options.js";
import type { Base, PackageState } from "../package-state.js";
import { openRevision } from "../registries/open-revision.js";
import { openLocation } from "../registries/registry-location.js";
import { pathOf } from "../sources/local-source.js";
import { type DirectoryMemory, readMemory } from "./directory-memory.js";
import { installFiles } from "./install-files.js";
import { remember, requireFreeFor } from "./open-directory.js";

/** So many kept files are named. */
const NAMED = 10;

/**
 * Opens a revision and writes its files below a directory, which remembers the revision when it got all of it. A part goes
 * where the directory has it, if that has the package already: it goes on standing on its own revision.
 */
export async function installRevision(name: string, options: InstallOptions): Promise<PackageState> {
  const { path, overwrite = false, dryRun = false, onReport, signal, onProgress } = options;
  const { state, reference } = await openRevision(name, options);
  const directory = await destinationOf(reference.name, options);
  requireDirectory(directory);
  const inside = parseDirectoryKey(path ?? reference.path ?? "");
  const memory = readMemory(directory);
  const isRemembered = inside === "" && !dryRun;
  try {
    const isOwn = await isOfPackage(memory, state);
    // Before the first file is touched.
    if (isRemembered) await requireFreeFor(state, directory);
    if (inside === "") requireReplaceable(memory, { directory, state, isOwn, overwrite });
    const { report, ancestors } = await installFiles({
      tree: state.tree,
      access: state.access,
      dest: directory,
      path: inside,
      isInPlace: isOwn,
      // The files of a package that is replaced go as those of a revision do.
      before: isOwn || inside === "" ? beforeOf(memory, state) : undefined,
      overwrite,
      dryRun,
      signal,
      onProgress,
    });
    if (isRemembered) await remember(withAncestors(state, ancestors), directory);
    tellReport(report, onReport);
  } finally {
    memory?.manifest.close();
  }
  return state;
}

/** What is about to be installed over what a directory has. */
interface Replacing {
  readonly directory: string;
  readonly state: PackageState;
  /** Whether it is the same package. */
  readonly isOwn: boolean;
  readonly overwrite: boolean;
}

/** Two packages in one directory would become one mixture of both: the files of one are changes of the other. */
function requireReplaceable(
  former: DirectoryMemory | undefined,
  { directory, state, isOwn, overwrite }: Replacing,
): void {
  if (former === undefined || isOwn || overwrite) return;
  const [{ name = "", registry = "" } = {}] = state.bases;
  const place = former.name === name ? ` of ${pathOrUrl(former.registry)}` : "";
  const wanted = former.name === name ? `the one of ${pathOrUrl(registry)}` : name;
  throw new T4Error("ERR_T4_CONFLICT", `${directory} has the package ${former.name}${place}, not ${wanted}.`, {
    hint: `Install into another directory; or with --overwrite, which removes the files of ${former.name} that the package has not, also those that were changed.`,
    facts: { path: directory, package: former.name, registry: former.registry },
  });
}

/** A file in its place is told before anything is read for it. */
function requireDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new T4Error("ERR_T4_USAGE", `${path} is a file, not a directory.`, {
    hint: "Give a directory, or a path at which nothing is yet.",
    facts: { path },
  });
}

/**
 * Whether a directory was filled from the same package: that of its name in its registry, or in one that has the revision as
 * well, as a copy or the same one elsewhere. Files of any other package are the user's own.
 */
async function isOfPackage(memory: DirectoryMemory | undefined, { bases }: PackageState): Promise<boolean> {
  const [base] = bases;
  if (memory === undefined || base === undefined || base.name !== memory.name) return false;
  const { name, registry, topHash } = memory;
  if ((await openLocation(registry)).identity === base.identity || base.topHash === topHash) return true;
  for await (const revision of (await openLocation(base.registry)).revisions(parsePackageName(name)))
    if (revision.topHash === topHash) return true;
  return false;
}

function beforeOf(memory: DirectoryMemory | undefined, state: PackageState): Before | undefined {
  if (memory === undefined) return undefined;
  const { manifest, ancestors, topHash } = memory;
  return { tree: new PackageTree(manifest.run), ancestors, isSame: topHash === state.topHash };
}

/** The package on the revision that was installed, with what the directory did not take of it. */
function withAncestors(state: PackageState, ancestors: Base["ancestors"]): PackageState {
  return { ...state, bases: state.bases.map((base) => ({ ...base, ancestors })) };
}

async function destinationOf(name: string, { dest }: InstallOptions): Promise<string> {
  if (dest !== undefined) return pathOf(dest);
  const { defaultInstallLocation } = await readConfig();
  const base =
    defaultInstallLocation == null ? join(locations().base, ".quilt", "data") : pathOf(defaultInstallLocation);
  return isAbsolute(base) ? join(base, name) : resolve(base, name);
}

function tellReport(report: InstallReport, onReport: InstallOptions["onReport"]): void {
  if (onReport !== undefined) onReport(report);
  else if (report.kept.length > 0) {
    const { kept } = report;
    const some = andMore(kept.slice(0, NAMED), kept.length);
    throw new T4Error("ERR_T4_PARTIAL", `Kept files that differ from the package: ${some}.`, {
      hint: "Move them away, settle conflicts with Package.resolve, or install with overwrite.",
      facts: { kept: report.kept, conflicts: report.conflicts },
    });
  }
}
