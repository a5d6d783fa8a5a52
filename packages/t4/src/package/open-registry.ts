import { parsePackageName } from "../format/package-name.js";
import { parseTopHash } from "../format/top-hash.js";
import type { CollectGarbageOptions, GarbageReport } from "../registry/collect-garbage.js";
import type { Finding } from "../registry/findings.js";
import type { FsckOptions } from "../registry/fsck-report.js";
import type { ChangeOptions, Operation } from "../registry/operations.js";
import type { Revision, Tag } from "../registry/pointers.js";
import { checkOptions } from "./check-options.js";
import { openLocation } from "./registry-location.js";
import { initWorkflows, type WorkflowExample } from "./workflow/init-workflows.js";

/** Options of {@link Registry.tag}. */
export interface TagOptions extends ChangeOptions {
  /** The revision that gets the name. Default `latest`. */
  readonly revision?: string;
}

/** A registry as its users see it; revisions may be named by hash, short hash, tag, `latest` or `latest~n`. */
export interface Registry {
  /** The registry's URL. */
  readonly url: string;
  /** Names of all packages, ascending. Costs one listing. */
  packages(): AsyncIterable<string>;
  /** A package's revisions, newest first. Costs one listing and one small read per revision. */
  log(name: string): AsyncIterable<Revision>;
  /** A package's tags, ascending. Costs one listing and one small read per tag. */
  tags(name: string): AsyncIterable<Tag>;
  /** The full top hash that a text means, among this package's own revisions only; default `latest`. */
  resolve(name: string, revision?: string): Promise<string>;
  /**
   * The message of a revision, without reading and verifying the whole of it as `Package.browse` does. Costs one small
   * read.
   */
  message(topHash: string): Promise<string | null>;
  /** Makes `latest` stand on an older revision; the history stays. Resolves to what was changed. */
  rollback(name: string, revision: string, options?: ChangeOptions): Promise<Operation>;
  /** Names a revision; a tag that is there moves. Resolves to what was changed. */
  tag(name: string, tag: string, options?: TagOptions): Promise<Operation>;
  /** Takes a tag away. Resolves to what was changed. */
  untag(name: string, tag: string, options?: ChangeOptions): Promise<Operation>;
  /** Takes back the newest operation on a package, within 90 days, and resolves to it; undoing that does it again. */
  undo(name: string, options?: ChangeOptions): Promise<Operation>;
  /** Takes a package out of the registry's list; `undo` brings it back. Resolves to what was changed. */
  deletePackage(name: string, options?: ChangeOptions): Promise<Operation>;
  /** Takes a revision out of a package's history; `undo` brings it back. Resolves to what was changed. */
  deleteRevision(name: string, revision: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Writes a commented example of a workflow configuration, for you to edit; resolves to where and what.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when the registry has one; it stays as it is.
   */
  initWorkflows(options?: ChangeOptions): Promise<WorkflowExample>;
  /** Removes what nothing refers to any more; by default only says what it would remove. */
  collectGarbage(options?: CollectGarbageOptions): Promise<GarbageReport>;
  /** Looks for damage, and mends it when asked to. */
  fsck(options?: FsckOptions): Promise<readonly Finding[]>;
}

const CHANGE = ["dryRun"] as const;

/**
 * Opens a registry: a path, a `file:` URL or `"local"`; by default the configured one, or your local one.
 *
 * @example
 * ```ts
 * import { openRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry", { message: "Nothing yet" });
 * const registry = await openRegistry("./registry");
 * for await (const revision of registry.log("alice/empty")) console.log(revision.topHash, revision.time);
 * ```
 */
export async function openRegistry(location?: string): Promise<Registry> {
  const registry = await openLocation(location);
  const resolve = async (name: string, revision?: string) => registry.resolve(parsePackageName(name), revision);
  return {
    url: registry.url,
    packages: () => registry.packages(),
    log: (name) => registry.revisions(parsePackageName(name)),
    tags: (name) => registry.tags(parsePackageName(name)),
    resolve,
    message: async (topHash) => registry.readMessage(parseTopHash(topHash)),
    async rollback(name, revision, options = {}) {
      checkOptions(options, CHANGE);
      return registry.rollback(parsePackageName(name), { topHash: await resolve(name, revision), ...options });
    },
    async tag(name, tag, { revision, ...options } = {}) {
      checkOptions(options, CHANGE);
      return registry.setTag(parsePackageName(name), { tag, topHash: await resolve(name, revision), ...options });
    },
    async untag(name, tag, options = {}) {
      checkOptions(options, CHANGE);
      return registry.removeTag(parsePackageName(name), { tag, ...options });
    },
    async undo(name, options = {}) {
      checkOptions(options, CHANGE);
      return registry.undo(parsePackageName(name), options);
    },
    async deletePackage(name, options = {}) {
      checkOptions(options, CHANGE);
      return registry.deletePackage(parsePackageName(name), options);
    },
    async deleteRevision(name, revision, options = {}) {
      checkOptions(options, CHANGE);
      return registry.deleteRevision(parsePackageName(name), { topHash: await resolve(name, revision), ...options });
    },
    async initWorkflows(options = {}) {
      checkOptions(options, CHANGE);
      return initWorkflows(registry.store, options);
    },
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
  yield* (await openRegistry(location)).log(name);
}

/** Takes a package out of a registry's list; `registry.undo` brings it back. */
export async function deletePackage(name: string, location?: string): Promise<Operation> {
  return (await openRegistry(location)).deletePackage(name);
}

/** Takes a revision out of a package's history; `registry.undo` brings it back. */
export async function deleteRevision(name: string, revision: string, location?: string): Promise<Operation> {
  return (await openRegistry(location)).deleteRevision(name, revision);
}
