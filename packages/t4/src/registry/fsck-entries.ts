import { sep } from "node:path";
import { mapConcurrent } from "../base/concurrency.js";
import { systemCode, T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { type PhysicalKey, parsePhysicalKey, pathOrUrl } from "../format/physical-key.js";
import { foldKey, keyFault } from "../format/portable-key.js";
import { manifestKey, objectKeyIn } from "../format/registry-layout.js";
import { hashOfFile } from "../store/file/hash-file.js";
import { realPath, sizeOfFile } from "../store/file/local-file.js";
import { type EntryCheck, type Fault, type ListedEntry, verdictOn, WRONG_BYTES, wrongSize } from "./entry-check.js";
import type { FindingCode } from "./findings.js";
import { checkObject } from "./fsck-bucket.js";
import type { NamedManifest } from "./manifests.js";

/** Places that are looked at at once, where each takes a request. */
const REQUESTS_AT_ONCE = 32;
/** The same when each is read, up to 8 MiB of it at a time. */
const READS_AT_ONCE = 4;

/** Checks a manifest's keys and the objects that it points to. */
export async function checkEntries(check: EntryCheck, manifest: NamedManifest): Promise<void> {
  const where = manifestKey(manifest.topHash);
  const isRemote = check.context.store.inBucket !== undefined;
  const concurrency = isRemote ? (check.readData === true ? READS_AT_ONCE : REQUESTS_AT_ONCE) : 1;
  const look = (entry: Entry): Promise<void> => checkPlace(check, { entry, where });
  const entries = withKeysChecked(check, { entries: manifest.run.entries(), where });
  for await (const _ of mapConcurrent(entries, look, { concurrency, ...(check.signal && { signal: check.signal }) }));
}

function* withKeysChecked(
  check: EntryCheck,
  { entries, where }: { readonly entries: Iterable<Entry>; readonly where: string },
): Generator<Entry, void, undefined> {
  const folded = new Map<string, string>();
  const report = (code: FindingCode, message: string): void => check.report(code, { where, message });
  for (const entry of entries) {
    check.signal?.throwIfAborted();
    const { logicalKey, hash } = entry;
    const shown = JSON.stringify(logicalKey);
    const code = keyProblem(logicalKey);
    if (code !== undefined) report(code, `The logical key ${shown} is ${describe(code)}.`);
    const fold = foldKey(logicalKey);
    const twin = folded.get(fold);
    if (twin !== undefined)
      report("E_KEY_COLLISION", `${shown} and ${JSON.stringify(twin)} are one file on some systems.`);
    folded.set(fold, logicalKey);
    if (hash?.type === "CRC64NVME") report("E_HASH_WEAK", `${shown} has only a checksum, which can be forged.`);
    yield entry;
  }
}

function keyProblem(logicalKey: string): FindingCode | undefined {
  const fault = keyFault(logicalKey, "posix");
  if (fault !== undefined) return fault.kind === "guarded" ? "E_KEY_DOTGIT" : "E_KEY_TRAVERSAL";
  return keyFault(logicalKey, "win32") === undefined ? undefined : "E_KEY_NONPORTABLE";
}

function describe(code: FindingCode): string {
  if (code === "E_KEY_NONPORTABLE") return "no file name on Windows";
  return "refused when the package is installed";
}

async function checkPlace(check: EntryCheck, { entry, where }: ListedEntry): Promise<void> {
  const [url = ""] = entry.physicalKeys;
  const what = `${JSON.stringify(entry.logicalKey)} at ${pathOrUrl(url)}`;
  const place = placeOf(url);
  if (place instanceof T4Error) {
    check.report("E_OBJECT_MISSING", { where, message: `${what} is nowhere: ${place.message}` });
  } else if (place.kind === "file") await checkFile(check, { entry, where, path: place.path, what });
  else await checkObject(check, { entry, where, place, what });
}

/** A malformed physical key is that entry's fault, not the manifest's. */
function placeOf(url: string): PhysicalKey | T4Error {
  try {
    return parsePhysicalKey(url);
  } catch (error) {
    if (error instanceof T4Error) return error;
    throw error;
  }
}

interface FileOfEntry extends ListedEntry {
  readonly path: string;
  readonly what: string;
}

async function checkFile(check: EntryCheck, { entry, where, path: named, what }: FileOfEntry): Promise<void> {
  const { path, key } = placeHere(check, named);
  if (key === undefined)
    check.report("E_LOCAL_KEY", { where, message: `${what} lies outside the registry and may change or vanish.` });
  const fault = await faultOf(check, { entry, path, key });
  if (fault === undefined) return;
  const mended = key === undefined ? "left" : await check.objects.setAsideIfDamaged(key);
  check.report(fault.code, { where, message: `${what} ${fault.message}`, mended });
}

interface LocalFile {
  readonly entry: Entry;
  readonly path: string;
  /** Its key, where it lies in the registry. */
  readonly key: string | undefined;
}

async function faultOf(check: EntryCheck, { entry, path, key }: LocalFile): Promise<Fault | undefined> {
  try {
    const size = sizeOfFile(path);
    if (size === undefined) return { code: "E_OBJECT_MISSING", message: "is missing." };
    if (size !== entry.size) return wrongSize(size, entry);
    const unread = key === undefined ? undefined : check.objects.whyUnread(key);
    if (unread !== undefined) return { code: "E_OBJECT_MISSING", message: `cannot be read (${unread}).` };
    return check.readData !== true || (await isRight(check, { entry, path, key })) ? undefined : WRONG_BYTES;
  } catch (error) {
    if (systemCode(error) === undefined || error instanceof T4Error) throw error;
    return { code: "E_OBJECT_MISSING", message: `cannot be read (${String(error)}).` };
  }
}

/**
 * Where a file is that a manifest names, and its key, if that is in the registry. As for whoever installs it, the object of that
 * name counts when the registry was moved, copied or mounted elsewhere since.
 */
function placeHere({ context, keyOf }: EntryCheck, named: string): Pick<LocalFile, "path" | "key"> {
  const own = keyOf(named);
  if (own !== undefined) return { path: named, key: own };
  const key = objectKeyIn(named.replaceAll(sep, "/"));
  const path = key === undefined ? undefined : context.store.localPath?.(key);
  return path === undefined || sizeOfFile(path) === undefined ? { path: named, key: undefined } : { path, key };
}

async function isRight(check: EntryCheck, { entry, path, key }: LocalFile): Promise<boolean> {
  const verdict = verdictOn(check, entry, key);
  if (typeof verdict === "boolean") return verdict;
  return (await hashOfFile(realPath(path), verdict.type, check.signal)) === verdict.value;
}
