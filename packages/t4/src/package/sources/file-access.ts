import { existsSync } from "node:fs";
import nodePath, { dirname, join, sep } from "node:path";
import { T4Error } from "../../base/errors.js";
import { wayBelow } from "../../base/way-below.js";
import type { Entry } from "../../format/entry.js";
import { parsePhysicalKey } from "../../format/physical-key.js";
import { objectKeyIn } from "../../format/registry-layout.js";
import { realPath } from "../../store/file/local-file.js";

/**
 * Where a manifest may lead us: a stranger's package must not name our files, or objects that only we may read, and have
 * them pushed or shown.
 */
export interface FileAccess {
  /** Directories below which files may be read; `"any"` for what this user wrote. */
  readonly roots: "any" | readonly string[];
  /** Buckets that are asked with the user's credentials; all others are read as everybody may. Default none. */
  readonly buckets?: readonly string[];
}

/** Access to what lies below directories. */
export function accessTo(...roots: readonly string[]): FileAccess {
  return { roots };
}

/** Access to what is in buckets. */
export function accessToBuckets(...buckets: readonly string[]): FileAccess {
  return { roots: [], buckets };
}

/** Whether a bucket may see the user's credentials. */
export function trusts({ buckets = [] }: FileAccess, bucket: string): boolean {
  return buckets.includes(bucket);
}

/**
 * Requires that all that entries lead to may be read as their own package says, before more may be: a stranger's entries
 * must not get the access of another package. Costs one look per entry.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` for the first that may not.
 */
export function requireAllowed(
  entries: Iterable<Entry>,
  { own, joined }: { readonly own: FileAccess; readonly joined: FileAccess },
): void {
  if (isSameAccess(own, joined)) return;
  for (const entry of entries) {
    if (isLocal(entry)) localPathOf(entry, own);
    else requireSameTrust(entry, { own, joined });
  }
}

/** An entry that is read as everybody may must not be read with the user's credentials because it came into company. */
function requireSameTrust(
  { logicalKey, physicalKeys }: Entry,
  { own, joined }: { readonly own: FileAccess; readonly joined: FileAccess },
): void {
  const bucket = bucketIn(physicalKeys[0] ?? "");
  if (bucket === undefined || trusts(own, bucket) || !trusts(joined, bucket)) return;
  throw new T4Error(
    "ERR_T4_UNSAFE",
    `${JSON.stringify(logicalKey)} leads to the bucket ${bucket}, which its own package may not read with your credentials.`,
    {
      hint: `If you trust its package with that bucket, open it with trustBuckets: ["${bucket}"].`,
      facts: { logicalKey, bucket },
    },
  );
}

/** The bucket that an entry leads to, if its package may read there with the user's credentials. */
export function bucketsOf({ physicalKeys }: Entry, access: FileAccess): readonly string[] {
  const bucket = bucketIn(physicalKeys[0] ?? "");
  return bucket !== undefined && trusts(access, bucket) ? [bucket] : [];
}

function bucketIn(url: string): string | undefined {
  return /^s3:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/** Whether an entry's bytes are in a local file. */
export function isLocal({ physicalKeys }: Entry): boolean {
  return physicalKeys[0]?.startsWith("file:") === true;
}

/** Whether two accesses cover the same. */
export function isSameAccess(a: FileAccess, b: FileAccess): boolean {
  const { buckets: ofA = [] } = a;
  const { buckets: ofB = [] } = b;
  if (!isSameList(ofA, ofB)) return false;
  return a.roots === "any" || b.roots === "any" ? a.roots === b.roots : isSameList(a.roots, b.roots);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Both accesses together. */
export function joinAccess(a: FileAccess, b: FileAccess): FileAccess {
  const isAny = a.roots === "any" || b.roots === "any";
  const buckets = [...new Set([...(a.buckets ?? []), ...(b.buckets ?? [])])];
  return { roots: isAny ? "any" : [...new Set([...a.roots, ...b.roots])], ...(buckets.length > 0 && { buckets }) };
}

/**
 * The local path of an entry's bytes.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` when a manifest points to a file outside the allowed roots, also through links.
 */
export function localPathOf(entry: Entry, access: FileAccess): string {
  const [url = ""] = entry.physicalKeys;
  const key = parsePhysicalKey(url);
  if (key.kind !== "file") throw new Error(`${JSON.stringify(entry.logicalKey)} is in no local file.`);
  if (key.path.includes("\0")) {
    throw new T4Error("ERR_T4_UNSAFE", `Refused to read ${JSON.stringify(entry.logicalKey)}: its path holds a NUL.`, {
      facts: { logicalKey: entry.logicalKey },
    });
  }
  // What the user set is the user's choice; only what came out of a manifest has to be allowed.
  if (entry.stamp !== undefined || isAllowed(key.path, access)) return key.path;
  const moved = movedObject(key.path, access);
  if (moved !== undefined) return moved;
  throw new T4Error(
    "ERR_T4_UNSAFE",
    `Refused to read ${key.path} for ${JSON.stringify(entry.logicalKey)}: it lies outside the package's registry.`,
    {
      hint: `If you trust this package with that place, allow its directory: --allow-local ${dirname(key.path)} (allowLocal in the library).`,
      facts: { logicalKey: entry.logicalKey, path: key.path },
    },
  );
}

/** The object of a registry that was moved, copied or mounted elsewhere since, or is reached by another path. */
function movedObject(path: string, { roots }: FileAccess): string | undefined {
  const key = objectKeyIn(path.replaceAll(sep, "/"));
  if (key === undefined || roots === "any") return undefined;
  const here = roots.map((root) => join(root, key)).find((candidate) => existsSync(candidate));
  return here !== undefined && isAllowed(here, { roots }) ? here : undefined;
}

/** Whether access covers a path, links resolved. */
export function isAllowed(path: string, access: FileAccess): boolean {
  if (access.roots === "any") return true;
  const own = realPath(path);
  // The directory itself is no file of it.
  return access.roots.some((root) => (wayBelow(own, realPath(root), nodePath) ?? "") !== "");
}
