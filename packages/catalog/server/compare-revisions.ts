import { setImmediate } from "node:timers/promises";
import type { Change, ChangeKind, ComparisonPage } from "./api.js";
import type { IndexedRevision } from "./open-revisions.js";
import { type RevisionIndex, totals } from "./revision-index.js";

/** All that differs between two revisions. */
export type Comparison = Pick<ComparisonPage, "counts" | "bytesBefore" | "bytesAfter" | "directories"> & {
  readonly changes: readonly Change[];
};

/** Directories with other metadata that are told. */
const MOST_DIRECTORIES = 100;

/** Paths that are looked at between two looks at other requests. */
const SLICE = 1000;

/** Lets other requests through now and then; throws when nobody waits for the comparison any more. */
type Pause = (step: number) => Promise<void> | undefined;

/** Compares two revisions. Costs what differs between them, about two seconds for a million files. */
export async function compareRevisions(
  base: IndexedRevision,
  head: IndexedRevision,
  signal: AbortSignal,
): Promise<Comparison> {
  const pause: Pause = (step) => (step % SLICE === 0 ? setImmediate().then(() => signal.throwIfAborted()) : undefined);
  const { added, modified, deleted, metadata } = base.pkg.diff(head.pkg);
  const changes: Change[] = [];
  for (const [i, path] of modified.entries()) {
    changes.push(changed(path, { base, head }));
    await pause(i);
  }
  const moves = await findMoves({ base, head, added, deleted, pause });
  const origins = new Set(moves.values());
  for (const [path, from] of moves) changes.push(moved(path, { from, head }));
  const came = added.filter((path) => !moves.has(path));
  const went = deleted.filter((path) => !origins.has(path));
  const whole = changes.concat(
    await collapse(came, { kind: "added", here: head, there: base.index, pause }),
    await collapse(went, { kind: "removed", here: base, there: head.index, pause }),
  );
  const counts = { added: 0, removed: 0, modified: 0, metadata: 0, moved: 0, same: 0 };
  for (const { kind, count } of whole) counts[kind] += count;
  counts.same = head.index.keys.length - counts.added - counts.modified - counts.metadata - counts.moved;
  return {
    counts,
    bytesBefore: totals(base.index).bytes,
    bytesAfter: totals(head.index).bytes,
    directories: metadata.slice(0, MOST_DIRECTORIES),
    changes: inTreeOrder(whole),
  };
}

/** As a tree has them: what is in a directory stands right behind it. */
function inTreeOrder(changes: readonly Change[]): Change[] {
  const keyed = changes.map((change) => ({ change, key: change.path.replaceAll("/", "\0") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ change }) => change);
}

interface Pair {
  readonly base: IndexedRevision;
  readonly head: IndexedRevision;
}

function changed(path: string, { base, head }: Pair): Change {
  const [before, after] = [base.pkg.entry(path), head.pkg.entry(path)];
  const isSame = before.size === after.size && before.hash?.value === after.hash?.value;
  const kind: ChangeKind = isSame ? "metadata" : "modified";
  return { kind, path, from: null, count: 1, before: before.size ?? null, after: after.size ?? null };
}

function moved(path: string, { from, head }: { readonly from: string; readonly head: IndexedRevision }): Change {
  const size = head.pkg.entry(path).size ?? null;
  return { kind: "moved", path, from, count: 1, before: size, after: size };
}

/** New paths whose bytes are those of a path that is gone. Empty files are all alike and tell nothing. */
async function findMoves({
  base,
  head,
  added,
  deleted,
  pause,
}: Pair & { readonly added: readonly string[]; readonly deleted: readonly string[]; readonly pause: Pause }): Promise<
  Map<string, string>
> {
  const gone = new Map<string, { readonly paths: string[]; next: number }>();
  for (const [i, path] of deleted.entries()) {
    await pause(i);
    const { hash, size } = base.pkg.entry(path);
    if (hash === undefined || size === 0) continue;
    const alike = gone.get(hash.value);
    if (alike === undefined) gone.set(hash.value, { paths: [path], next: 0 });
    else alike.paths.push(path);
  }
  const moves = new Map<string, string>();
  for (const [i, path] of gone.size === 0 ? [] : added.entries()) {
    await pause(i);
    const alike = gone.get(head.pkg.entry(path).hash?.value ?? "");
    const from = alike?.paths[alike.next++];
    if (from !== undefined) moves.set(path, from);
  }
  return moves;
}

interface Side {
  readonly kind: ChangeKind;
  /** The revision that has the paths, and the other one. */
  readonly here: IndexedRevision;
  readonly there: RevisionIndex;
  readonly pause: Pause;
}

/** Files of a directory that only one side has are one change. */
async function collapse(paths: readonly string[], { kind, here, there, pause }: Side): Promise<Change[]> {
  const groups = new Map<string, { readonly only: string; count: number; bytes: number }>();
  for (const [i, path] of paths.entries()) {
    await pause(i);
    const place = newDirectory(path, there) ?? path;
    const group = groups.get(place) ?? { only: path, count: 0, bytes: 0 };
    group.count++;
    group.bytes += here.pkg.entry(path).size ?? 0;
    groups.set(place, group);
  }
  return Array.from(groups, ([place, { count, bytes, only }]) => {
    const [before, after] = kind === "added" ? [null, bytes] : [bytes, null];
    return { kind, path: count === 1 ? only : place, from: null, count, before, after };
  });
}

/** The outermost directory of a path that the other side has not, with a slash at its end. */
function newDirectory(path: string, { directories }: RevisionIndex): string | undefined {
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    if (!directories.has(path.slice(0, slash))) return path.slice(0, slash + 1);
  }
  return undefined;
}
