import { mapConcurrent } from "../base/concurrency.js";
import { systemCode, T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import { type PhysicalKey, parsePhysicalKey, pathOrUrl } from "../format/physical-key.js";
import { foldKey, keyFault } from "../format/portable-key.js";
import { manifestKey, OBJECTS } from "../format/registry-layout.js";
import { isHashType } from "../hash/hasher.js";
import { realPath, sizeOfFile } from "../store/file/local-file.js";
import type { FindingCode } from "./findings.js";
import { checkObject } from "./fsck-bucket.js";
import { hashOfFile, type ObjectsCheck } from "./fsck-objects.js";
import type { Check } from "./fsck-report.js";
import type { NamedManifest } from "./manifests.js";
import { type KeyFinder, lastPartOf } from "./object-key.js";

/** What entries are checked against. */
export interface EntryCheck extends Check {
  readonly objects: ObjectsCheck;
  readonly keyOf: KeyFinder;
  /** What was found of objects in buckets, by what was expected of them: revisions have most objects in common. */
  readonly faults: Map<string, Promise<Fault | undefined>>;
}

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

/** An entry, and the manifest that has it. */
export interface Place {
  readonly entry: Entry;
  readonly where: string;
}

async function checkPlace(check: EntryCheck, { entry, where }: Place): Promise<void> {
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

interface FilePlace extends Place {
  readonly path: string;
  readonly what: string;
}

async function checkFile(check: EntryCheck, { entry, where, path, what }: FilePlace): Promise<void> {
  const key = check.keyOf(path);
  if (key === undefined)
    check.report("E_LOCAL_KEY", { where, message: `${what} lies outside the registry and may change or vanish.` });
  const fault = faultOf(check, { entry, path, key });
  if (fault === undefined) return;
  const mended = key === undefined ? "left" : await check.objects.setAsideIfDamaged(key);
  check.report(fault.code, { where, message: `${what} ${fault.message}`, mended });
}

/** What is wrong with an entry's bytes. */
export interface Fault {
  readonly code: FindingCode;
  readonly message: string;
}

interface LocalFile {
  readonly entry: Entry;
  readonly path: string;
  /** Its key, where it lies in the registry. */
  readonly key: string | undefined;
}

function faultOf(check: EntryCheck, { entry, path, key }: LocalFile): Fault | undefined {
  try {
    const size = sizeOfFile(path);
    if (size === undefined) return { code: "E_OBJECT_MISSING", message: `is missing${movedTo(check, path)}.` };
    if (size !== entry.size)
      return { code: "E_OBJECT_SIZE", message: `has ${size} bytes, expected ${canonicalJson(entry.size)}.` };
    if (check.readData !== true || isRight(check, { entry, path, key })) return undefined;
    return { code: "E_OBJECT_HASH", message: "holds other bytes than its hash says." };
  } catch (error) {
    if (systemCode(error) === undefined || error instanceof T4Error) throw error;
    return { code: "E_OBJECT_MISSING", message: `cannot be read (${String(error)}).` };
  }
}

/** Says where an object is that bears the name, as after a registry was moved. */
function movedTo({ context }: EntryCheck, path: string): string {
  const name = lastPartOf(path);
  const key = `${OBJECTS}${name.slice(0, 2)}/${name}`;
  const here = /^[0-9a-f]{64}/.test(name) ? context.store.localPath?.(key) : undefined;
  if (here === undefined || sizeOfFile(here) === undefined) return "";
  return `, but the registry has it as ${key}: it was moved, or is reached by another path`;
}

/** An object of ours was read already, under its name; where the entry's hash is another, both count. */
function isRight(check: EntryCheck, { entry, path, key }: LocalFile): boolean {
  const { hash } = entry;
  if (key?.startsWith(OBJECTS) === true && check.objects.isDamaged(key)) return false;
  if (hash === null || !isHashType(hash.type)) return true;
  if (key?.startsWith(OBJECTS) === true && check.objects.isNamedBy(key, hash)) return true;
  return hashOfFile(realPath(path), hash.type, check.signal) === hash.value;
}
