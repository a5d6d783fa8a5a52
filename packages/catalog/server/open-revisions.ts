import { Package } from "t4";
import type { KnownRegistry } from "./registries.js";
import { indexRevision, type RevisionIndex } from "./revision-index.js";

/** A revision that is open; its content never changes. */
export interface OpenRevision {
  readonly pkg: Package;
  readonly index: RevisionIndex;
}

/** Which revision: its full top hash, as one of a package's own. */
export interface RevisionName {
  readonly name: string;
  readonly topHash: string;
}

/** Opens a revision, or finds it open. */
export type OpenRevisions = (known: KnownRegistry, revision: RevisionName) => Promise<OpenRevision>;

/** Revisions that stay open. */
const MOST_OPEN = 12;

/** Keeps the revisions open that were used last; two requests for one open it once. */
export function createOpenRevisions(): OpenRevisions {
  const open = new Map<string, Promise<OpenRevision>>();
  return (known, { name, topHash }) => {
    const key = `${known.id} ${name} ${topHash}`;
    const found = open.get(key) ?? openRevision(known, { name, topHash });
    open.delete(key);
    open.set(key, found);
    for (const oldest of open.keys()) if (open.size > MOST_OPEN) open.delete(oldest);
    // What failed may be mended: the next request tries again.
    found.catch(() => open.delete(key));
    return found;
  };
}

async function openRevision({ registry }: KnownRegistry, { name, topHash }: RevisionName): Promise<OpenRevision> {
  const pkg = await Package.browse(name, { registry: registry.url, topHash });
  return { pkg, index: await indexRevision(pkg) };
}
