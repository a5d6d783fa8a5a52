import { type Clock, systemClock } from "../base/clock.js";
import type { PackageName } from "../format/package-name.js";
import type { TopHash } from "../format/top-hash.js";
import type { ManifestContent } from "../manifest/encode-manifest.js";
import type { Store } from "../store/store.js";
import type { RollbackTarget } from "./change-pointers.js";
import type { CollectGarbageOptions, GarbageReport } from "./collect-garbage.js";
import { type Commit, type CommitOptions, commitRevision } from "./commit.js";
import type { Finding } from "./findings.js";
import type { FsckOptions } from "./fsck-report.js";
import type { IndexCache } from "./index-cache.js";
import { readLatest } from "./latest.js";
import {
  browseManifest,
  manifestDigest,
  type NamedManifest,
  readManifest,
  readMessage,
  readPinnedManifest,
} from "./manifests.js";
import type { Operation } from "./operation-records.js";
import type { ChangeOptions } from "./operations.js";
import { listPackages, listRevisions, listTags, type Revision, type Tag } from "./pointers.js";
import { resolveRevision } from "./resolve.js";
import { createSlotMemory } from "./slot-memory.js";
import { type WriteManifestOptions, type WrittenManifest, writeManifest } from "./write-manifest.js";

/** A store that holds packages, of whatever kind the store is; each method's contract stands with the function it calls. */
export interface PackageRegistry {
  readonly store: Store;
  readonly url: string;
  packages(signal?: AbortSignal): AsyncIterable<PackageName>;
  revisions(name: PackageName, signal?: AbortSignal): AsyncIterable<Revision>;
  tags(name: PackageName): AsyncIterable<Tag>;
  /** The top hash that `latest` stands on; `undefined`: no such package. */
  latest(name: PackageName): Promise<TopHash | undefined>;
  resolve(name: PackageName, revision?: string): Promise<TopHash>;
  readManifest(topHash: TopHash): Promise<NamedManifest>;
  browseManifest(topHash: TopHash): Promise<NamedManifest>;
  readPinnedManifest(pin: { readonly topHash: TopHash; readonly digest: string }): Promise<NamedManifest>;
  manifestDigest(topHash: TopHash): Promise<string>;
  readMessage(topHash: TopHash): Promise<string | null>;
  writeManifest(content: ManifestContent, options?: WriteManifestOptions): Promise<WrittenManifest>;
  commit(revision: { readonly name: PackageName; readonly topHash: TopHash }, options: CommitOptions): Promise<Commit>;
  rollback(name: PackageName, to: ChangeOptions & RollbackTarget): Promise<Operation>;
  setTag(
    name: PackageName,
    to: ChangeOptions & { readonly tag: string; readonly topHash: TopHash },
  ): Promise<Operation>;
  removeTag(name: PackageName, which: ChangeOptions & { readonly tag: string }): Promise<Operation>;
  undo(name: PackageName, options?: ChangeOptions): Promise<Operation>;
  deletePackage(name: PackageName, options?: ChangeOptions): Promise<Operation>;
  deleteRevision(name: PackageName, which: ChangeOptions & { readonly topHash: TopHash }): Promise<Operation>;
  collectGarbage(options?: CollectGarbageOptions): Promise<GarbageReport>;
  fsck(options?: FsckOptions): Promise<Finding[]>;
}

const changes = () => import("./change-pointers.js");

/** Opens the packages of a store; nothing is read or written until a method is called, and what is rarely used is loaded then. */
export function packageRegistry(
  store: Store,
  options: { readonly clock?: Clock; readonly indexes?: IndexCache } = {},
): PackageRegistry {
  const clock = options.clock ?? systemClock;
  const slots = store.localPath === undefined ? createSlotMemory(clock) : undefined;
  const context = { store, clock, indexes: options.indexes, slots };
  return {
    store,
    url: store.url,
    packages: (signal) => listPackages(context, signal),
    revisions: (name, signal) => listRevisions(context, name, signal),
    tags: (name) => listTags(context, name),
    latest: async (name) => (await readLatest(context, name))?.topHash,
    resolve: (name, revision) => resolveRevision(context, name, revision),
    readManifest: (topHash) => readManifest(context, topHash),
    browseManifest: (topHash) => browseManifest(context, topHash),
    readPinnedManifest: (pin) => readPinnedManifest(context, pin),
    manifestDigest: (topHash) => manifestDigest(context, topHash),
    readMessage: (topHash) => readMessage(context, topHash),
    writeManifest: (content, writeOptions) => writeManifest(context, content, writeOptions),
    commit: (revision, commitOptions) => commitRevision(context, revision, commitOptions),
    rollback: async (name, to) => (await changes()).rollback(context, name, to),
    setTag: async (name, to) => (await changes()).setTag(context, name, to),
    removeTag: async (name, which) => (await changes()).removeTag(context, name, which),
    undo: async (name, changeOptions) =>
      (await import("./undo-operation.js")).undoOperation(context, name, changeOptions),
    deletePackage: async (name, changeOptions) => (await changes()).deletePackage(context, name, changeOptions),
    deleteRevision: async (name, which) => (await changes()).deleteRevision(context, name, which),
    collectGarbage: async (gcOptions) => (await import("./collect-garbage.js")).collectGarbage(context, gcOptions),
    fsck: async (fsckOptions) => (await import("./check-registry.js")).fsck(context, fsckOptions),
  };
}
