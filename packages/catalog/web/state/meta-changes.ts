/** A value of metadata that is new, gone or another. */
export interface MetaChange {
  readonly kind: "added" | "removed" | "modified";
  /** Names from the outside in: `station.height_m`, `towns[2]`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Deeper values are compared as a whole. */
const MOST_DEPTH = 100;

interface Place {
  readonly path: string;
  readonly depth: number;
}

/** What differs between two values of JSON, in the order of their members. */
export function metaChanges(before: unknown, after: unknown): MetaChange[] {
  return changesAt({ path: "", depth: 0 }, before, after);
}

function changesAt({ path, depth }: Place, before: unknown, after: unknown): MetaChange[] {
  const [left, right] = [membersOf(before), membersOf(after)];
  const isAlike = left !== undefined && right !== undefined && Array.isArray(before) === Array.isArray(after);
  if (!isAlike || depth > MOST_DEPTH) {
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    return isSame ? [] : [{ kind: "modified", path, before, after }];
  }
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name): MetaChange[] => {
    const inner = Array.isArray(after) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    const [old, now] = [left.get(name), right.get(name)];
    if (!left.has(name)) return [{ kind: "added", path: inner, before: undefined, after: now }];
    if (!right.has(name)) return [{ kind: "removed", path: inner, before: old, after: undefined }];
    return changesAt({ path: inner, depth: depth + 1 }, old, now);
  });
}

function membersOf(value: unknown): Map<string, unknown> | undefined {
  return value !== null && typeof value === "object" ? new Map(Object.entries(value)) : undefined;
}
