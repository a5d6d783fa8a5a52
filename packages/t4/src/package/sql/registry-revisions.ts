import { mapConcurrent } from "../../base/concurrency.js";
import type { PackageName } from "../../format/package-name.js";
import type { TopHash } from "../../format/top-hash.js";
import type { Manifest } from "../../manifest/manifest.js";
import type { PackageRegistry } from "../../registry/registry.js";

/** What of a revision costs more than its package's name and its top hash: when it was published, or its manifest. */
export type Cost = "time" | "manifest";

/** A revision of a package, with as much of it as was asked for. */
export interface RevisionRecord {
  readonly name: PackageName;
  readonly topHash: TopHash;
  readonly isLatest: boolean;
  /** When it was published; `undefined` also for one that is in no history. */
  readonly time?: Date;
  /** What is in it. Only while it is looked at, and where manifests were asked for. */
  readonly manifest: () => Manifest;
}

/** Which revisions, and what of them. */
export interface RevisionsWanted {
  readonly isHistory: boolean;
  readonly costs: ReadonlySet<Cost>;
  readonly signal: AbortSignal | undefined;
}

/** A revision whose manifest was not read. */
export type ListedRevision = Omit<RevisionRecord, "manifest">;

/** Packages, and manifests, that are read at once: in a bucket, each waits for its server. */
export const READS_AT_ONCE = 16;

/** The revisions of all packages of a registry, with their manifests where those are wanted. */
export async function* registryRevisions(
  registry: PackageRegistry,
  wanted: RevisionsWanted,
): AsyncGenerator<RevisionRecord, void, undefined> {
  const listed = listedRevisions(registry, wanted);
  if (wanted.costs.has("manifest")) yield* withManifests(registry, listed, wanted.signal);
  else for await (const revision of listed) yield { ...revision, manifest: unwanted };
}

/** The revisions of all packages of a registry, by package, newest first. */
export async function* listedRevisions(
  registry: PackageRegistry,
  wanted: RevisionsWanted,
): AsyncGenerator<ListedRevision, void, undefined> {
  const options = { concurrency: READS_AT_ONCE, signal: wanted.signal };
  const read = (name: PackageName): Promise<readonly ListedRevision[]> => revisionsOf(registry, name, wanted);
  for await (const revisions of mapConcurrent(registry.packages(wanted.signal), read, options)) yield* revisions;
}

/** Revisions with their manifests; each manifest is open until the next revision is asked for. */
export async function* withManifests(
  registry: PackageRegistry,
  revisions: Iterable<ListedRevision> | AsyncIterable<ListedRevision>,
  signal: AbortSignal | undefined,
): AsyncGenerator<RevisionRecord, void, undefined> {
  const open = new Set<Manifest>();
  const opened = async (revision: ListedRevision): Promise<readonly [ListedRevision, Manifest]> => {
    const manifest = await registry.browseManifest(revision.topHash);
    open.add(manifest);
    return [revision, manifest];
  };
  try {
    for await (const [revision, manifest] of mapConcurrent(revisions, opened, { concurrency: READS_AT_ONCE, signal })) {
      yield { ...revision, manifest: () => manifest };
      manifest.close();
      open.delete(manifest);
    }
  } finally {
    for (const manifest of open) manifest.close();
  }
}

async function revisionsOf(
  registry: PackageRegistry,
  name: PackageName,
  { isHistory, costs, signal }: RevisionsWanted,
): Promise<readonly ListedRevision[]> {
  if (!isHistory && !costs.has("time")) {
    const topHash = await registry.latest(name);
    // Somebody took the package out since it was listed.
    return topHash === undefined ? [] : [{ name, topHash, isLatest: true }];
  }
  const found: ListedRevision[] = [];
  for await (const { topHash, isLatest, time } of registry.revisions(name, signal)) {
    if (isHistory || isLatest) found.push({ name, topHash, isLatest, time });
    if (isLatest && !isHistory) break;
  }
  const topHash = found.length === 0 ? await registry.latest(name) : undefined;
  return topHash === undefined ? found : [{ name, topHash, isLatest: true }];
}

function unwanted(): never {
  throw new Error("No column needs the manifest.");
}
