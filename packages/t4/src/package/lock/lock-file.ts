import { T4Error } from "../../base/errors.js";
import { isDeepYaml } from "../../base/nesting.js";
import { type PackageName, parsePackageName } from "../../format/package-name.js";
import { parseTopHash, type TopHash } from "../../format/top-hash.js";

/** A pinned package as the file has it. */
export interface LockedPackage {
  readonly name: PackageName;
  /** A URL, an absolute path, or a path from the file's directory. */
  readonly registry: string;
  readonly topHash: TopHash;
  /** SHA-256 of the manifest's bytes, hexadecimal. */
  readonly manifest: string;
  /** The directory that gets the files: a path from the file's directory, or an absolute one. */
  readonly dest: string | undefined;
}

/** Packages by name. */
export type LockedPackages = ReadonlyMap<string, LockedPackage>;

const VERSION = 1;
const HEADER = `# The revisions of packages that this project uses. t4 add and t4 update write this file; commit it.
version: ${VERSION}
`;

/** Writes a lock file: names ascending, a block of lines each, so that changes of several packages merge line by line. */
export async function formatLock(packages: LockedPackages): Promise<string> {
  const { stringify } = await import("yaml");
  const names = [...packages.keys()].sort();
  const blocks = names.map((name) => [name, blockOf(packages.get(name) as LockedPackage)]);
  // Long words are not folded: a line is a fact.
  return HEADER + stringify({ packages: Object.fromEntries(blocks) as object }, { lineWidth: 0 });
}

function blockOf({ registry, topHash, manifest, dest }: LockedPackage): object {
  return { registry, topHash, manifest: `sha256:${manifest}`, ...(dest !== undefined && { dest }) };
}

/**
 * Reads a lock file.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` naming the file and the package that is wrong; `ERR_T4_UNSUPPORTED` for one of a
 * later version.
 */
export async function parseLock(text: string, path: string): Promise<LockedPackages> {
  if (isDeepYaml(text)) throw unreadable(path, "it is nested too deeply.");
  const { isMap, parseDocument } = await import("yaml");
  const document = parseDocument(text, { schema: "failsafe" });
  const problem = document.errors[0]?.message.split("\n")[0];
  if (problem !== undefined) throw unreadable(path, problem);
  if (!isMap(document.contents)) throw unreadable(path, "it holds no packages.");
  const { version, packages } = document.toJS({ maxAliasCount: 0 }) as Record<string, unknown>;
  if (version !== String(VERSION)) throw laterVersion(path, version);
  const read = Object.entries(requireRecord(packages ?? {}, path, "packages"));
  return new Map(read.map(([name, block]) => [name, readBlock(name, block, path)]));
}

function readBlock(name: string, block: unknown, path: string): LockedPackage {
  const { registry, topHash, manifest, dest } = requireRecord(block, path, name);
  const digest = typeof manifest === "string" ? /^sha256:([0-9a-f]{64})$/.exec(manifest)?.[1] : undefined;
  if (typeof registry !== "string" || registry === "") throw unreadable(path, `${name} has no registry.`);
  if (typeof topHash !== "string") throw unreadable(path, `${name} has no topHash.`);
  if (digest === undefined) throw unreadable(path, `${name} has no manifest of the form sha256:<64 digits>.`);
  if (dest !== undefined && typeof dest !== "string") throw unreadable(path, `${name} has a dest that is no path.`);
  try {
    return { name: parsePackageName(name), registry, topHash: parseTopHash(topHash), manifest: digest, dest };
  } catch (error) {
    throw unreadable(path, `${name}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function requireRecord(value: unknown, path: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw unreadable(path, `${what} is no block of names and values.`);
}

/** The error for a lock file that is none. */
export function unreadable(path: string, problem: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_FORMAT", `The lock file ${path} cannot be read: ${problem}`, {
    hint: "Settle the conflict of a merge by hand, or take the file from your version control; t4 add pins a package anew.",
    facts: { path },
    cause,
  });
}

function laterVersion(path: string, version: unknown): T4Error {
  const found = typeof version === "string" ? version : "none";
  return new T4Error("ERR_T4_UNSUPPORTED", `The lock file ${path} has version ${found}, expected ${VERSION}.`, {
    hint: "Use the version of T4 that wrote it, or a later one.",
    facts: { path, version: found },
  });
}
