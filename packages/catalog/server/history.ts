import { isT4Error, type Registry, type Revision } from "t4";
import type { Resolved, RevisionPage, RevisionRow } from "./api.js";

/** A part of a package's history with messages and tags. Costs one read per revision, and one more for each of this part. */
export async function revisionPage(
  registry: Registry,
  name: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<RevisionPage> {
  const all = await logOf(registry, name);
  // Says that there is no such package.
  if (all.length === 0) await registry.resolve(name);
  const tags = await tagsOf(registry, name);
  const rows = all.slice(offset, offset + limit).map(async ({ topHash, time, isLatest }): Promise<RevisionRow> => {
    const message = await messageOf(registry, topHash);
    return { topHash, time: time.toISOString(), isLatest, message, tags: tags.get(topHash) ?? [] };
  });
  return { total: all.length, offset, rows: await Promise.all(rows) };
}

/** Where a revision stands among all; of one that was published more than once, the last time counts. */
export async function placeInHistory(
  registry: Registry,
  name: string,
  topHash: string,
): Promise<Omit<Resolved, "topHash" | "latest" | "raw">> {
  const all = await logOf(registry, name);
  const at = all.findIndex((revision) => revision.topHash === topHash);
  const front = all.findIndex(({ isLatest }) => isLatest);
  const neighbour = (by: number): string | null => (at === -1 ? null : (all[at + by]?.topHash ?? null));
  return {
    time: all[at]?.time.toISOString() ?? null,
    tags: (await tagsOf(registry, name)).get(topHash) ?? [],
    behind: at > front && front !== -1 ? at - front : null,
    older: neighbour(1),
    newer: neighbour(-1),
    revisions: all.length,
  };
}

/** All publications of a package, newest first. */
export async function logOf(registry: Registry, name: string): Promise<Revision[]> {
  const all: Revision[] = [];
  for await (const revision of registry.log(name)) all.push(revision);
  return all;
}

async function tagsOf(registry: Registry, name: string): Promise<Map<string, string[]>> {
  const tags = new Map<string, string[]>();
  for await (const { tag, topHash } of registry.tags(name)) tags.set(topHash, [...(tags.get(topHash) ?? []), tag]);
  return tags;
}

/** The message of a revision, or why it has none. */
export async function messageOf(registry: Registry, topHash: string): Promise<string | null> {
  try {
    return await registry.message(topHash);
  } catch (error) {
    // One damaged revision must not hide the others; its own page tells about it.
    if (isT4Error(error)) return `(${error.message})`;
    throw error;
  }
}
