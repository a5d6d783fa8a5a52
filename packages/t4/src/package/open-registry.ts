import { parsePackageName } from "../format/package-name.js";
import { parseTopHash } from "../format/top-hash.js";
import type { CollectGarbageOptions, GarbageReport } from "../registry/collect-garbage.js";
import type { Finding } from "../registry/findings.js";
import type { FsckOptions } from "../registry/fsck-report.js";
import type { Operation } from "../registry/operations.js";
import type { Revision, Tag } from "../registry/pointers.js";
import { checkOptions } from "./check-options.js";
import { openLocation } from "./registry-location.js";

/** A registry as its users see it; revisions may be named by hash, short hash, tag, `latest` or `latest~n`. */
export interface Registry {
  /** The registry's URL. */
  readonly url: string;
  /** Names of all packages, ascending. Costs one listing. */
  packages(): AsyncIterable<string>;
  /** A package's revisions, newest first. Costs one listing and one small read per revision. */
  revisions(name: string): AsyncIterable<Revision>;
  /** A package's tags, ascending. */
  tags(name: string): AsyncIterable<Tag>;
  /** The full top hash that a text means, among this package's own revisions only; default `latest`. */
  resolve(name: string, revision?: string): Promise<string>;
  /** Makes `latest` stand on an older revision; the history stays. */
  rollback(name: string, revision: string): Promise<void>;
  /** Names a revision; a tag that is there moves. */
  tag(name: string, tag: string, revision?: string): Promise<void>;
  /** Takes a tag away. */
  untag(name: string, tag: string): Promise<void>;
  /** Takes back the newest operation on a package, within 90 days; undoing that does it again. */
  undo(name: string): Promise<Operation>;
  /** Takes a package out of the registry's list; `undo` brings it back. */
  deletePackage(name: string): Promise<void>;
  /** Takes a revision out of a package's history; `undo` brings it back. */
  deleteRevision(name: string, revision: string): Promise<void>;
  /** Removes what nothing refers to any more; by default only says what it would remove. */
  collectGarbage(options?: CollectGarbageOptions): Promise<GarbageReport>;
  /** Looks for damage, and mends it when asked to. */
  fsck(options?: FsckOptions): Promise<readonly Finding[]>;
}

/**
 * Opens a registry: a path, a `file:` URL or `"local"`; by default the configured one, or your local one.
 *
 * @example
 * ```ts
 * import { openRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry", { message: "Nothing yet" });
 * const registry = await openRegistry("./registry");
 * for await (const revision of registry.revisions("alice/empty")) console.log(revision.topHash, revision.time);
 * ```
 */
export async function openRegistry(location?: string): Promise<Registry> {
  const registry = await openLocation(location);
  const resolve = async (name: string, revision?: string) => registry.resolve(parsePackageName(name), revision);
  return {
    url: registry.url,
    packages: () => registry.packages(),
    revisions: (name) => registry.revisions(parsePackageName(name)),
    tags: (name) => registry.tags(parsePackageName(name)),
    resolve,
    rollback: async (name, revision) => registry.rollback(parsePackageName(name), await resolve(name, revision)),
    tag: async (name, tag, revision) =>
      registry.setTag(parsePackageName(name), { tag, topHash: await resolve(name, revision) }),
    untag: async (name, tag) => registry.removeTag(parsePackageName(name), tag),
    undo: async (name) => registry.undo(parsePackageName(name)),
    deletePackage: async (name) => registry.deletePackage(parsePackageName(name)),
    deleteRevision: async (name, revision) =>
      registry.deleteRevision(parsePackageName(name), parseTopHash(await resolve(name, revision))),
    async collectGarbage(options) {
      checkOptions(options, ["dryRun", "graceMs", "signal"]);
      return registry.collectGarbage(options);
    },
    async fsck(options) {
      checkOptions(options, ["repair", "readData", "signal"]);
      return registry.fsck(options);
    },
  };
}

/** Names of a registry's packages, ascending. */
export async function* listPackages(location?: string): AsyncGenerator<string, void, undefined> {
  yield* (await openRegistry(location)).packages();
}

/** A package's revisions, newest first. */
export async function* listRevisions(name: string, location?: string): AsyncGenerator<Revision, void, undefined> {
  yield* (await openRegistry(location)).revisions(name);
}

/** Takes a package out of a registry's list. */
export async function deletePackage(name: string, location?: string): Promise<void> {
  await (await openRegistry(location)).deletePackage(name);
}

/** Takes a revision out of a package's history. */
export async function deleteRevision(name: string, revision: string, location?: string): Promise<void> {
  await (await openRegistry(location)).deleteRevision(name, revision);
}
