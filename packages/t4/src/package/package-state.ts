import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { type Header, newHeader } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import type { TopHash } from "../format/top-hash.js";
import type { ManifestContent } from "../manifest/encode-manifest.js";
import type { Manifest } from "../manifest/manifest.js";
import { PackageTree } from "../manifest/package-tree.js";
import type { Scan } from "./scan/scan-directory.js";
import { accessTo, type FileAccess } from "./sources/file-access.js";

/** What a file was before two sides changed it; `undefined`: there was none. */
export type Ancestor = Pick<Entry, "size" | "hash"> | undefined;

/** The revision that a package or directory stands on. */
export interface Base {
  readonly name: string;
  /** URL of the registry, as the user named it. */
  readonly registry: string;
  /** What that registry is, whatever path led to it. */
  readonly identity: string;
  readonly topHash: TopHash;
  /**
   * The files, by logical key, that a directory has not taken from this revision, with what each was before: those that others
   * changed in it and that were changed here, too, which a push must not replace unseen; and those that were deleted here, which
   * no install brings back. Of the latter, this revision has what was there before.
   */
  readonly ancestors: ReadonlyMap<string, Ancestor>;
}

/** Whether a base is a revision of a package in a registry. */
export function isBaseIn(base: Base, place: Pick<Base, "name" | "identity">): boolean {
  return base.name === place.name && base.identity === place.identity;
}

/** Nothing is in conflict. */
export const NO_ANCESTORS: ReadonlyMap<string, Ancestor> = new Map();

/** A scan of a local directory, and where in the package it was set: `""` or a prefix that ends in a slash. */
interface Scanned {
  readonly scan: Scan;
  readonly prefix: string;
}

/** A revision as it was published. */
interface Origin extends Pick<PackageState, "header" | "directories" | "topHash"> {
  /** Its entries, whose hashes stay while the bytes are the same. */
  readonly tree: PackageTree;
  /** What the registry is in which it says where its bytes are; `undefined`: it was read from a file. */
  readonly identity: string | undefined;
}

/** What a package is made of; the verbs work on it. It is never changed, only replaced. */
export interface PackageState {
  readonly tree: PackageTree;
  readonly header: Header;
  /** Metadata of directories by path. */
  readonly directories: ReadonlyMap<string, Json>;
  readonly access: FileAccess;
  /** What it was browsed, installed, built or pushed as; a push to the same place stands on it. */
  readonly bases: readonly Base[];
  /** Known while nothing was changed since. */
  readonly topHash: TopHash | undefined;
  /** The revision that it came from. */
  readonly origin: Origin | undefined;
  /** The directory that was set last; it takes down the hashes of its files. */
  readonly scanned: Scanned | undefined;
}

/** A package without files. */
export function emptyState(): PackageState {
  return {
    tree: new PackageTree(),
    header: newHeader(),
    directories: new Map(),
    access: accessTo(),
    bases: [],
    topHash: undefined,
    origin: undefined,
    scanned: undefined,
  };
}

/** @throws {@link T4Error} `ERR_T4_USAGE` when the package is no revision. */
export function requireTopHash({ topHash }: PackageState): TopHash {
  if (topHash !== undefined) return topHash;
  throw new T4Error("ERR_T4_USAGE", "The package was never built, or changed since.", {
    hint: "build and push resolve to the top hash.",
  });
}

/** What a manifest says, with what it may lead to and what it stands on. */
export function stateOf(
  manifest: Manifest,
  context: { readonly access: FileAccess; readonly bases: readonly Base[] },
): PackageState {
  const { header, directories, topHash, run } = manifest;
  const tree = new PackageTree(run);
  return {
    tree,
    header,
    directories,
    topHash,
    origin: { topHash, header, directories, tree: tree.clone(), identity: context.bases.at(-1)?.identity },
    scanned: undefined,
    ...context,
  };
}

/** What a package's manifest says. */
export function contentOf({
  header,
  directories,
  tree,
}: Pick<PackageState, "header" | "directories" | "tree">): ManifestContent & { readonly entries: Iterable<Entry> } {
  return { header, directories, entries: tree.entries() };
}

/** An entry that is set but not built: from a local file or from memory. */
export function isPending(entry: Entry): boolean {
  return entry.stamp !== undefined || entry.content !== undefined;
}
