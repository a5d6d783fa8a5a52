import type { Change, ChangeKind, ComparisonPage } from "./api.js";
import type { IndexedRevision } from "./open-revisions.js";
import { type RevisionIndex, totals } from "./revision-index.js";

/** All that differs between two revisions. */
export type Comparison = Pick<ComparisonPage, "counts" | "bytesBefore" | "bytesAfter" | "directories"> & {
  readonly changes: readonly Change[];
};

/** Directories with other metadata that are told. */
const MOST_DIRECTORIES = 100;

/** Compares two revisions. Costs what differs between them, about two seconds for a million files. */
export function compareRevisions(base: IndexedRevision, head: IndexedRevision): Comparison {
  const { added, modified, deleted, metadata } = base.pkg.diff(head.pkg);
  const moves = findMoves({ base, head, added, deleted });
  const origins = new Set(moves.values());
  const changes = [
    ...modified.map((path) => changed(path, { base, head })),
    ...Array.from(moves, ([path, from]) => moved(path, { from, head })),
    ...collapse(
      added.filter((path) => !moves.has(path)),
      { kind: "added", here: head, there: base.index },
    ),
    ...collapse(
      deleted.filter((path) => !origins.has(path)),
      { kind: "removed", here: base, there: head.index },
    ),
  ].sort((a, b) => (treeKey(a.path) < treeKey(b.path) ? -1 : 1));
  const counts = { added: 0, removed: 0, modified: 0, metadata: 0, moved: 0, same: 0 };
  for (const { kind, count } of changes) counts[kind] += count;
  counts.same = head.index.keys.length - counts.added - counts.modified - counts.metadata - counts.moved;
  return {
    counts,
    bytesBefore: totals(base.index).bytes,
    bytesAfter: totals(head.index).bytes,
    directories: metadata.slice(0, MOST_DIRECTORIES),
    changes,
  };
}

/** Compares as a tree does: what is in a directory stands right behind it. */
function treeKey(path: string): string {
  return path.replaceAll("/", "\0");
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
function findMoves({
  base,
  head,
  added,
  deleted,
}: Pair & { readonly added: readonly string[]; readonly deleted: readonly string[] }): Map<string, string> {
  const gone = new Map<string, string[]>();
  for (const path of deleted) {
    const { hash, size } = base.pkg.entry(path);
    if (hash !== undefined && size !== 0) gone.set(hash.value, [...(gone.get(hash.value) ?? []), path]);
  }
  const moves = new Map<string, string>();
  for (const path of gone.size === 0 ? [] : added) {
    const from = gone.get(head.pkg.entry(path).hash?.value ?? "")?.shift();
    if (from !== undefined) moves.set(path, from);
  }
  return moves;
}

interface Side {
  readonly kind: ChangeKind;
  /** The revision that has the paths, and the other one. */
  readonly here: IndexedRevision;
  readonly there: RevisionIndex;
}

/** Files of a directory that only one side has are one change. */
function collapse(paths: readonly string[], { kind, here, there }: Side): Change[] {
  const groups = new Map<string, { count: number; bytes: number; only: string }>();
  for (const path of paths) {
    const place = newDirectory(path, there) ?? path;
    const group = groups.get(place) ?? { count: 0, bytes: 0, only: path };
    groups.set(place, {
      ...group,
      count: group.count + 1,
      bytes: group.bytes + (here.pkg.entry(path).size ?? 0),
    });
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
