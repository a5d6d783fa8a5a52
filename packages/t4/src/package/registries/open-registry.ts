import { parsePackageName } from "../../format/package-name.js";
import { parseTopHash } from "../../format/top-hash.js";
import type { CollectGarbageOptions, GarbageReport } from "../../registry/collect-garbage.js";
import type { Finding } from "../../registry/findings.js";
import type { FsckOptions } from "../../registry/fsck-report.js";
import type { Operation } from "../../registry/operation-records.js";
import type { ChangeOptions } from "../../registry/operations.js";
import type { Revision, Tag } from "../../registry/pointers.js";
import { checkOptions } from "../check-options.js";
import type { WorkflowExample } from "../workflow/init-workflows.js";
import type { OpenRegistry } from "./opened-registry.js";
import { openLocation } from "./registry-location.js";

/** Options of `Registry.tag`. */
export interface TagOptions extends ChangeOptions {
  /** The revision that gets the name: a hash, short hash, tag or `latest~n`. Default `latest`. */
  readonly revision?: string;
}

/**
 * A registry as its users see it; revisions may be named by hash, at least 6 of its first digits, tag, `latest` or
 * `latest~n`.
 *
 * Changes move pointers only, `latest` by compare-and-swap: manifests and bytes stay, and every change can be undone for
 * 90 days. All methods that take a name throw a {@link T4Error}: `ERR_T4_INVALID_NAME` for what is none,
 * `ERR_T4_NOT_FOUND` when there is no such package or revision, `ERR_T4_AMBIGUOUS` for a short hash of several.
 *
 * @example
 * ```ts
 * import { openRegistry, Package } from "t4";
 * const pkg = await new Package().setText("a.txt", "a");
 * await pkg.push("alice/a", "./registry", { message: "First" });
 * const registry = await openRegistry("./registry");
 * for await (const name of registry.packages()) console.log(name, await registry.resolve(name));
 * ```
 */
export interface Registry {
  /** The registry's URL, as it was named. */
  readonly url: string;
  /** What the registry is: a URL that is the same for all paths and links that lead to one place. For comparing. */
  readonly identity: string;
  /**
   * Names of all packages, ascending. Costs one listing.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * for await (const name of registry.packages()) console.log(name); // alice/a
   * ```
   */
  packages(): AsyncIterable<string>;
  /**
   * A package's revisions, newest first. Costs one listing and one small read per revision.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * for await (const { topHash, time, isLatest } of registry.log("alice/a")) console.log(topHash, time, isLatest);
   * ```
   */
  log(name: string): AsyncIterable<Revision>;
  /**
   * A package's tags, ascending. Costs one listing and one small read per tag.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * await registry.tag("alice/a", "v1");
   * for await (const { tag, topHash } of registry.tags("alice/a")) console.log(tag, topHash);
   * ```
   */
  tags(name: string): AsyncIterable<Tag>;
  /**
   * The full top hash that a text means, among this package's own revisions only; default `latest`.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * const topHash = await registry.resolve("alice/a");
   * console.assert((await registry.resolve("alice/a", topHash.slice(0, 8))) === topHash);
   * ```
   */
  resolve(name: string, revision?: string): Promise<string>;
  /**
   * The message of a revision, without reading and verifying the whole of it as `Package.browse` does. Costs one small
   * read.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` when it is no full top hash, `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * console.log(await registry.message(await registry.resolve("alice/a"))); // First
   * ```
   */
  message(topHash: string): Promise<string | null>;
  /**
   * The SHA-256 of a revision's manifest, hexadecimal: it also covers what the top hash does not, metadata of directories and
   * the places of files. Costs one read of the manifest.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` when it is no full top hash, `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * const topHash = await new Package().push("alice/a", "./registry", { message: "First" });
   * const manifestDigest = await (await openRegistry("./registry")).manifestDigest(topHash);
   * await Package.browse("alice/a", { registry: "./registry", topHash, manifestDigest });
   * ```
   */
  manifestDigest(topHash: string): Promise<string>;
  /**
   * Makes `latest` stand on an older revision; the history stays. Resolves to what was changed.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved meanwhile; nothing is changed then.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * const pkg = await new Package().setText("wrong.txt", "oops");
   * await pkg.push("alice/a", "./registry", { message: "Second" });
   * await registry.rollback("alice/a", "latest~1");
   * console.log((await Package.browse("alice/a", { registry: "./registry" })).message); // First
   * ```
   */
  rollback(name: string, revision: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Names a revision; a tag that is there moves. Resolves to what was changed.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` for a tag of other characters than letters, digits, `_`, `.` and `-`,
   * for `latest` and for one of digits only.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * await registry.tag("alice/a", "v1", { revision: "latest" });
   * console.log((await Package.browse("alice/a:v1", { registry: "./registry" })).message);
   * ```
   */
  tag(name: string, tag: string, options?: TagOptions): Promise<Operation>;
  /**
   * Takes a tag away. Resolves to what was changed.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * await registry.tag("alice/a", "v1");
   * await registry.untag("alice/a", "v1");
   * ```
   */
  untag(name: string, tag: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Takes back the newest operation on a package, within 90 days, and resolves to it; undoing that does it again.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is nothing to undo, as when others have built on it.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * await registry.deletePackage("alice/a");
   * const { kind } = await registry.undo("alice/a");
   * console.log(kind); // delete package
   * ```
   */
  undo(name: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Takes a package out of the registry's list; `undo` brings it back. Resolves to what was changed.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * console.log(await registry.deletePackage("alice/a", { dryRun: true }));
   * ```
   */
  deletePackage(name: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Takes a revision out of a package's history; `undo` brings it back. Where it was the latest, the newest that remains
   * becomes it. Resolves to what was changed.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * await (await new Package().setText("b", "b")).push("alice/a", "./registry");
   * await registry.deleteRevision("alice/a", "latest");
   * console.log(await registry.message(await registry.resolve("alice/a"))); // First
   * ```
   */
  deleteRevision(name: string, revision: string, options?: ChangeOptions): Promise<Operation>;
  /**
   * Writes a commented example of a workflow configuration, for you to edit; resolves to where and what.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when the registry has one; it stays as it is.
   *
   * @example
   * ```ts
   * import { openRegistry } from "t4";
   * const registry = await openRegistry("./registry");
   * console.log(await registry.initWorkflows());
   * ```
   */
  initWorkflows(options?: ChangeOptions): Promise<WorkflowExample>;
  /**
   * Removes what no pointer, no operation of the last 90 days and no manifest refers to any more; by default only says what
   * it would remove. Safe beside running pushes, and under a crash or cancel.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` for a folder without a `.quilt`, such as one on which a disk is not mounted;
   * `ERR_T4_INTEGRITY` when a manifest is damaged: nothing can be known to be garbage then;
   * `ERR_T4_UNSAFE` when a directory of the registry is a link: what is behind it may be anybody's.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * const { objects, bytes } = await registry.collectGarbage({ dryRun: true });
   * console.log(`${objects.length} objects, ${bytes} bytes`);
   * ```
   */
  collectGarbage(options?: CollectGarbageOptions): Promise<GarbageReport>;
  /**
   * Looks for damage, and mends it when asked to; what cannot be mended is set aside, never deleted. Costs one pass over all
   * manifests and one `stat` or request per object, or with `readData` one read of all data.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` for a folder without a `.quilt`, such as one on which a disk is not mounted;
   * `ERR_T4_UNSAFE` with `repair` when a directory of the registry is a link: what is behind it may be
   * anybody's.
   *
   * @example
   * ```ts
   * import { openRegistry, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const registry = await openRegistry("./registry");
   * for (const { severity, code, where, message } of await registry.fsck({ readData: true })) {
   *   console.log(severity, code, where, message);
   * }
   * ```
   */
  fsck(options?: FsckOptions): Promise<readonly Finding[]>;
}

const CHANGE = ["dryRun"] as const;

/**
 * Opens a registry: `s3://bucket[/prefix]`, a path, a `file:` URL or `"local"`; by default the configured one, or your
 * local one. Nothing is read yet but your settings: where there is no such bucket or folder, its methods throw
 * `ERR_T4_NOT_FOUND`; the first push makes the folder.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for any other place.
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
  const there = (): OpenRegistry => {
    registry.place.requireThere();
    return registry;
  };
  const made = (): OpenRegistry => {
    registry.place.requireMade();
    return registry;
  };
  const resolve = async (name: string, revision?: string) => there().resolve(parsePackageName(name), revision);
  return {
    url: registry.url,
    identity: registry.identity,
    packages: () => listing(() => there().packages()),
    log: (name) => listing(() => there().revisions(parsePackageName(name))),
    tags: (name) => listing(() => there().tags(parsePackageName(name))),
    resolve,
    manifestDigest: async (topHash) => there().manifestDigest(parseTopHash(topHash)),
    message: async (topHash) => there().readMessage(parseTopHash(topHash)),
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
      return there().removeTag(parsePackageName(name), { tag, ...options });
    },
    async undo(name, options = {}) {
      checkOptions(options, CHANGE);
      return there().undo(parsePackageName(name), options);
    },
    async deletePackage(name, options = {}) {
      checkOptions(options, CHANGE);
      return there().deletePackage(parsePackageName(name), options);
    },
    async deleteRevision(name, revision, options = {}) {
      checkOptions(options, CHANGE);
      return registry.deleteRevision(parsePackageName(name), { topHash: await resolve(name, revision), ...options });
    },
    async initWorkflows(options = {}) {
      checkOptions(options, CHANGE);
      const { initWorkflows } = await import("../workflow/init-workflows.js");
      return initWorkflows(registry.store, options);
    },
    async collectGarbage(options) {
      checkOptions(options, ["dryRun", "graceMs", "forgetUndo", "signal"]);
      return made().collectGarbage(options);
    },
    async fsck(options) {
      checkOptions(options, ["repair", "readData", "signal"]);
      return made().fsck(options);
    },
  };
}

/** Begins to list when somebody reads: an error comes up there. */
async function* listing<Item>(list: () => AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* list();
}

/**
 * Names of a registry's packages, ascending. Costs one listing.
 *
 * @throws {@link T4Error} as {@link openRegistry}.
 *
 * @example
 * ```ts
 * import { listPackages, Package } from "t4";
 * await new Package().push("alice/empty", "./registry");
 * for await (const name of listPackages("./registry")) console.log(name);
 * ```
 */
export async function* listPackages(location?: string): AsyncGenerator<string, void, undefined> {
  yield* (await openRegistry(location)).packages();
}

/**
 * A package's revisions, newest first. Costs one listing and one small read per revision.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is no such package.
 *
 * @example
 * ```ts
 * import { listRevisions, Package } from "t4";
 * await new Package().push("alice/empty", "./registry");
 * for await (const { topHash, time } of listRevisions("alice/empty", "./registry")) console.log(topHash, time);
 * ```
 */
export async function* listRevisions(name: string, location?: string): AsyncGenerator<Revision, void, undefined> {
  yield* (await openRegistry(location)).log(name);
}

/**
 * Takes a package out of a registry's list; `Registry.undo` brings it back. Manifests and bytes stay.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_CONFLICT` when `latest` moved meanwhile.
 *
 * @example
 * ```ts
 * import { deletePackage, openRegistry, Package } from "t4";
 * await new Package().push("alice/empty", "./registry");
 * await deletePackage("alice/empty", "./registry");
 * await (await openRegistry("./registry")).undo("alice/empty");
 * ```
 */
export async function deletePackage(name: string, location?: string): Promise<Operation> {
  return (await openRegistry(location)).deletePackage(name);
}

/**
 * Takes a revision out of a package's history; `Registry.undo` brings it back. Manifests and bytes stay.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_CONFLICT` when `latest` moved meanwhile.
 *
 * @example
 * ```ts
 * import { deleteRevision, Package } from "t4";
 * const topHash = await new Package().push("alice/empty", "./registry");
 * await (await new Package().setText("a.txt", "a")).push("alice/empty", "./registry");
 * await deleteRevision("alice/empty", topHash, "./registry");
 * ```
 */
export async function deleteRevision(name: string, revision: string, location?: string): Promise<Operation> {
  return (await openRegistry(location)).deleteRevision(name, revision);
}
