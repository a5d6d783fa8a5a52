import type { Entry } from "../format/entry.js";
import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import type { TopHash } from "../format/top-hash.js";
import type { PackageTree } from "../manifest/package-tree.js";
import type { StatCache } from "../transfer/stat-cache.js";
import type { FileAccess } from "./file-access.js";

/** The revision that a package or directory stands on. */
export interface Base {
  readonly name: string;
  /** URL of the registry. */
  readonly registry: string;
  readonly topHash: TopHash;
}

/** What a package is made of; the verbs work on it. */
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
  /** The entries as they were published, whose hashes stay while the bytes are the same. */
  readonly origin: PackageTree | undefined;
  /** Known hashes of the files of the directory that was set last. */
  readonly cache: StatCache | undefined;
}

/** An entry that is set but not built: from a local file or from memory. */
export function isPending(entry: Entry): boolean {
  return entry.stamp !== undefined || entry.content !== undefined;
}
