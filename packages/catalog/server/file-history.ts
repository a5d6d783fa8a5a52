import { Package, type PackageEntry, type Revision } from "t4";
import type { FileHistory, FileState } from "./api.js";
import { logOf, messageOf } from "./history.js";
import { describe } from "./problem.js";
import type { KnownRegistry } from "./registries.js";

/** Revisions of one package that are read at once. */
const LANES = 4;

/** Which file, and which part of its package's history, newest first. */
export interface FileHistoryQuery {
  readonly name: string;
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
}

/** What a revision says of the file. */
interface Seen {
  readonly topHash: string;
  readonly time: string;
  /** `undefined`: the revision has no such file. */
  readonly entry: PackageEntry | undefined;
  readonly error?: string;
}

/**
 * In which revisions of a part of the history a file became another one. Costs a look into the manifest of each, and into that
 * of the one before the part.
 */
export async function fileHistory(known: KnownRegistry, query: FileHistoryQuery): Promise<FileHistory> {
  const { name, offset, limit } = query;
  const all = await logOf(known.registry, name);
  // Says that there is no such package.
  if (all.length === 0) await known.registry.resolve(name);
  const part = all.slice(offset, offset + limit + 1);
  const seen: Seen[] = [];
  for (let at = 0; at < part.length; at += LANES) {
    const looks = part.slice(at, at + LANES).map(async (revision) => look(known, revision, query));
    seen.push(...(await Promise.all(looks)));
  }
  const states: FileState[] = [];
  for (const [i, { topHash, time, entry, error = null }] of seen.slice(0, limit).entries()) {
    const kind = kindOf(seen[i + 1], { entry, error });
    if (kind === undefined) continue;
    const message = await messageOf(known.registry, topHash);
    states.push({ kind, topHash, time, message, size: entry?.size ?? null, error });
  }
  return { total: all.length, offset, read: Math.min(limit, seen.length), states };
}

async function look(known: KnownRegistry, { topHash, time }: Revision, query: FileHistoryQuery): Promise<Seen> {
  const { name, path } = query;
  try {
    const pkg = await Package.browse(name, { registry: known.registry.url, topHash });
    return { topHash, time: time.toISOString(), entry: pkg.has(path) ? pkg.entry(path) : undefined };
  } catch (error) {
    // One damaged revision must not hide the others; its own page tells about it.
    return { topHash, time: time.toISOString(), entry: undefined, error: describe(error).message };
  }
}

function kindOf(
  before: Seen | undefined,
  after: Pick<Seen, "entry"> & Pick<FileState, "error">,
): FileState["kind"] | undefined {
  if (after.error !== null) return "unreadable";
  const [old, now] = [before?.entry, after.entry];
  if (now === undefined) return old === undefined ? undefined : "removed";
  if (old === undefined) return "added";
  const isSame = old.size === now.size && old.hash?.value === now.hash?.value;
  if (!isSame) return "modified";
  return JSON.stringify(old.meta) === JSON.stringify(now.meta) ? undefined : "metadata";
}
