import { mapConcurrent } from "../../base/concurrency.js";
import type { PackageName } from "../../format/package-name.js";
import type { TopHash } from "../../format/top-hash.js";
import type { Manifest } from "../../manifest/manifest.js";
import type { PackageRegistry } from "../../registry/registry.js";
import type { Cost } from "./registry-tables.js";

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

type Unopened = Omit<RevisionRecord, "manifest">;

/** Packages, and manifests, that are read at once: in a bucket, each waits for its server. */
const READS_AT_ONCE = 16;

/** The revisions of all packages of a registry; the manifest of each is open until the next one is asked for. */
export async function* registryRevisions(
  registry: PackageRegistry,
  wanted: RevisionsWanted,
): AsyncGenerator<RevisionRecord, void, undefined> {
  const { costs, signal } = wanted;
  const options = { concurrency: READS_AT_ONCE, signal };
  const found = mapConcurrent(registry.packages(signal), (name) => revisionsOf(registry, name, wanted), options);
  if (!costs.has("manifest")) {
    for await (const revisions of found) for (const revision of revisions) yield { ...revision, manifest: unwanted };
    return;
  }
  const open = new Set<Manifest>();
  const opened = async (revision: Unopened): Promise<readonly [Unopened, Manifest]> => {
    const manifest = await registry.browseManifest(revision.topHash);
    open.add(manifest);
    return [revision, manifest];
  };
  try {
    for await (const [revision, manifest] of mapConcurrent(flat(found), opened, options)) {
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
): Promise<readonly Unopened[]> {
  if (!isHistory && !costs.has("time")) {
    const topHash = await registry.latest(name);
    // Somebody took the package out since it was listed.
    return topHash === undefined ? [] : [{ name, topHash, isLatest: true }];
  }
  const found: Unopened[] = [];
  for await (const { topHash, isLatest, time } of registry.revisions(name, signal)) {
    if (isHistory || isLatest) found.push({ name, topHash, isLatest, time });
    if (isLatest && !isHistory) break;
  }
  const topHash = found.length === 0 ? await registry.latest(name) : undefined;
  return topHash === undefined ? found : [{ name, topHash, isLatest: true }];
}

async function* flat<Item>(lists: AsyncIterable<readonly Item[]>): AsyncGenerator<Item, void, undefined> {
  for await (const list of lists) yield* list;
}

function unwanted(): never {
  throw new Error("No column needs the manifest.");
}
