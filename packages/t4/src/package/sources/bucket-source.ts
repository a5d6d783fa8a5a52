import { mapConcurrent } from "../../base/concurrency.js";
import { T4Error } from "../../base/errors.js";
import { isGuarded } from "../../base/guarded-name.js";
import { type Entry, NO_META } from "../../format/entry.js";
import { compareLogicalKeys, parseLogicalKey } from "../../format/logical-key.js";
import { formatPhysicalKey, parsePhysicalKey } from "../../format/physical-key.js";
import { createRunBuilder } from "../../manifest/run-builder.js";
import type { S3Store } from "../../store/s3/s3-store.js";
import { withAccess, withMeta, withTree } from "../edit.js";
import type { PackageState } from "../package-state.js";
import type { SetDirectory } from "../scan/set-directory.js";
import { accessToBuckets } from "./file-access.js";
import type { Source } from "./local-source.js";
import { bucketFor, type ObjectPlace } from "./remote-source.js";
import type { UserSource } from "./user-source.js";

/** What a state of an object may be called; nothing else finds its way into a run. */
const ETAG = /^"[^"\t\n]*"$/;
/** Objects that are asked about at once. */
const AT_ONCE = 64;

/** An object of a bucket, as it is now. */
export async function objectSource(url: string): Promise<UserSource> {
  const place = placeOf(url);
  const access = accessToBuckets(place.bucket);
  const source = await sourceAt(await bucketFor(access, place.bucket), place);
  if (source !== undefined) return { source, access };
  throw new T4Error("ERR_T4_NOT_FOUND", `There is no object ${url}.`, {
    hint: "Use setDir for all objects below a prefix.",
    facts: { url },
  });
}

/** Looks at all objects below a prefix of a bucket; what it gives takes them into a package as it is by then. */
export async function setPrefix(request: SetDirectory): Promise<(state: PackageState) => PackageState> {
  const { directory, source, meta, updatePolicy = "incoming", mirror = false, signal, onSkipped } = request;
  const place = placeOf(source);
  if (place.versionId !== undefined) throw badPrefix(source);
  const access = accessToBuckets(place.bucket);
  const store = await bucketFor(access, place.bucket);
  const below = place.key.replace(/\/*$/, place.key === "" ? "" : "/");
  const into = directory === "" ? "" : `${directory}/`;
  const describe = async (key: string, each: AbortSignal): Promise<Entry | undefined> => {
    const found = await sourceAt(store, { ...place, key }, each);
    return found && { ...found, logicalKey: parseLogicalKey(into + key.slice(below.length)) };
  };
  const entries: Entry[] = [];
  const keys = keysBelow(store, below, { signal, onSkipped });
  for await (const entry of mapConcurrent(keys, describe, { concurrency: AT_ONCE, ...(signal && { signal }) })) {
    // What was removed since it was listed is not there.
    if (entry !== undefined) entries.push(entry);
  }
  if (entries.length === 0) throw nothingBelow(source);
  const builder = createRunBuilder();
  for (const entry of entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))) builder.add(entry);
  const run = builder.finish();
  return (state) => {
    const changed = withTree(withAccess(state, access), (tree) =>
      tree.setRun(directory, run, { updatePolicy, mirror }),
    );
    return meta === undefined ? changed : withMeta(changed, directory, meta);
  };
}

async function* keysBelow(
  store: S3Store,
  prefix: string,
  { signal, onSkipped }: Pick<SetDirectory, "signal" | "onSkipped">,
): AsyncGenerator<string, void, undefined> {
  let skipped: string | undefined;
  for await (const item of store.list(prefix, signal && { signal })) {
    // Consoles make an empty object for a folder.
    if (!("key" in item) || (item.key.endsWith("/") && item.size === 0)) continue;
    const parts = item.key.slice(prefix.length).split("/");
    const guarded = parts.findIndex(isGuarded);
    if (guarded < 0) yield item.key;
    else {
      // A listing is in order: all objects below one name follow each other.
      const path = parts.slice(0, guarded + 1).join("/");
      if (path !== skipped) onSkipped?.({ path, kind: "guarded name" });
      skipped = path;
    }
  }
}

async function sourceAt(store: S3Store, place: ObjectPlace, signal?: AbortSignal): Promise<Source | undefined> {
  const found = await store.describe(place, { signal });
  if (found === undefined) return undefined;
  const { size, etag, hash = null, versionId = place.versionId } = found;
  const url = formatPhysicalKey(versionId === undefined ? place : { ...place, versionId });
  const isPinned = versionId === undefined && ETAG.test(etag);
  return { physicalKeys: [url], size, hash, meta: NO_META, ...(isPinned && { etag }) };
}

function placeOf(url: string): ObjectPlace {
  const place = parsePhysicalKey(url);
  if (place.kind === "s3") return place;
  throw new Error(`${url} is in no bucket.`);
}

function badPrefix(url: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `${url} is one version of one object, and no prefix.`, {
    hint: "Give s3://bucket/prefix/ to setDir, and a single object to set.",
    facts: { url },
  });
}

function nothingBelow(url: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `There are no objects below ${url}.`, {
    hint: "Check the prefix; a single object is for set.",
    facts: { url },
  });
}
