import { type BrowseOptions, Package } from "t4";
import type { KnownRegistry } from "./registries.js";
import { indexRevision, type RevisionIndex } from "./revision-index.js";

/** A revision that is open; its content never changes. */
export interface OpenRevision {
  readonly pkg: Package;
  /** Its files with their sums. Made when it is first asked for, and kept: a large revision is open long before. */
  readonly index: () => Promise<RevisionIndex>;
  /** Whether the index is there at once, or as good as that: made already, or of a small revision. */
  readonly isQuick: () => boolean;
}

/** A revision whose index is there. */
export interface IndexedRevision {
  readonly pkg: Package;
  readonly index: RevisionIndex;
}

/** Waits for a revision's index. */
export async function indexed({ pkg, index }: OpenRevision): Promise<IndexedRevision> {
  return { pkg, index: await index() };
}

/** Which revision: its full top hash, as one of a package's own. */
export interface RevisionName {
  readonly name: string;
  readonly topHash: string;
}

/** Opens a revision, or finds it open. */
export type OpenRevisions = (known: KnownRegistry, revision: RevisionName) => Promise<OpenRevision>;

/** Revisions that stay open, and files of all of them together: each file costs some 250 bytes. */
const MOST_OPEN = 12;
const MOST_FILES = 3_000_000;
/** Revisions of so many files are indexed before anybody notices. */
const QUICK_FILES = 20_000;
/** Two that are compared stay open, however large they are. */
const FEWEST_OPEN = 2;

/** How revisions are opened. */
export type OpenOptions = Pick<BrowseOptions, "trustBuckets">;

/** Keeps the revisions open that were used last; two requests for one open it once. */
export function createOpenRevisions(options: OpenOptions = {}): OpenRevisions {
  const open = new Map<string, Promise<OpenRevision>>();
  const counts = new Map<string, number>();
  const opened = (key: string, { pkg }: OpenRevision): void => {
    counts.set(key, pkg.count);
    for (const oldest of open.keys()) {
      const files = [...open.keys()].reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
      if (open.size <= FEWEST_OPEN || (open.size <= MOST_OPEN && files <= MOST_FILES)) return;
      open.delete(oldest);
      counts.delete(oldest);
    }
  };
  return (known, { name, topHash }) => {
    const key = `${known.id} ${name} ${topHash}`;
    const found = open.get(key) ?? openRevision(known, { name, topHash }, options);
    open.delete(key);
    open.set(key, found);
    found.then(
      (revision) => opened(key, revision),
      // What failed may be mended: the next request tries again.
      () => open.delete(key),
    );
    return found;
  };
}

async function openRevision(
  { registry }: KnownRegistry,
  { name, topHash }: RevisionName,
  options: OpenOptions,
): Promise<OpenRevision> {
  const pkg = await Package.browse(name, { registry: registry.url, topHash, ...options });
  let made: Promise<RevisionIndex> | undefined;
  let isMade = false;
  const make = async (): Promise<RevisionIndex> => {
    try {
      const index = await indexRevision(pkg);
      isMade = true;
      return index;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
  return {
    pkg,
    index: async () => (made ??= make()),
    isQuick: () => isMade || pkg.count <= QUICK_FILES,
  };
}
