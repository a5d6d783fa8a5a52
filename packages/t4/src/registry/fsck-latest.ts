import { isT4Error } from "../base/errors.js";
import { LATEST, readPointer } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { ListedObject, StoredObject } from "../store/store.js";
import type { FindingCode } from "./findings.js";
import { isWhole } from "./fsck-manifests.js";
import type { PackageCheck } from "./fsck-pointers.js";
import { isFresh, type Mended, mend, setAside } from "./fsck-report.js";
import { type Latest, readLatest, swapLatest } from "./latest.js";
import type { RecordedOperation } from "./operation-records.js";
import { topHashAt } from "./read-quietly.js";
import { slotName, slotsFrom } from "./slots.js";
import { listPublished, writeSlot } from "./write-slot.js";

/** Checks that a package's `latest` is there, right, in the history, and its end. */
export async function checkLatest(check: PackageCheck): Promise<void> {
  const { context, name, against } = check;
  const key = pointerKey(name, LATEST);
  const found = await context.store.head(key);
  const object = found === undefined ? undefined : await readObject(check, key);
  const topHash = object === undefined ? undefined : readPointer(object.bytes);
  if (topHash !== undefined && (await isWhole(check, against.whole, topHash)))
    return checkListed(check, found as ListedObject);
  const removal = found === undefined ? unfinishedRemoval(check) : undefined;
  if (removal !== undefined) return finishRemoval(check, removal);
  const newest = newestOf(check);
  const mended = await repairLatest(check, { found, object, newest });
  const remedy = newest === undefined ? "no other revision is whole" : `the newest whole revision is ${newest}`;
  check.report(codeOf(found, object), { where: key, message: `${describe(object, topHash)}; ${remedy}.`, mended });
}

/** `undefined`: gone, or no regular file. */
async function readObject({ context }: PackageCheck, key: string): Promise<StoredObject | undefined> {
  try {
    return await context.store.get(key);
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INTEGRITY")) return undefined;
    throw error;
  }
}

function codeOf(found: ListedObject | undefined, object: StoredObject | undefined): FindingCode {
  if (found === undefined) return "E_LATEST_MISSING";
  if (object === undefined) return "E_LATEST_NOT_HEX";
  if (readPointer(object.bytes) !== undefined) return "E_MANIFEST_MISSING";
  return object.bytes.length < 64 ? "E_LATEST_TORN" : "E_LATEST_NOT_HEX";
}

function describe(object: StoredObject | undefined, topHash: TopHash | undefined): string {
  if (object === undefined) return "The package has no latest, or something that is no file in its place";
  if (topHash !== undefined) return `latest names ${topHash}, whose manifest is missing or damaged`;
  return `latest holds ${object.bytes.length} bytes that are no top hash`;
}

function lastSlot(slots: PackageCheck["slots"]): number {
  return [...slots.keys()].map(Number).reduce((a, b) => Math.max(a, b), 0);
}

/** The operation that took `latest` away, when it is the last one on it and did not come to its end. */
function unfinishedRemoval({ name, against }: PackageCheck): RecordedOperation | undefined {
  const last = against.operations
    .get(name)
    ?.findLast(({ changes }) => changes.some(({ pointer }) => pointer === LATEST));
  const isRemoval = last?.changes.some(({ pointer, after }) => pointer === LATEST && after === null) === true;
  return isRemoval && last.isDone !== true ? last : undefined;
}

/** Takes away the rest of what was to be removed, by moving it to quarantine; `undo` brings it back as ever. */
async function finishRemoval(check: PackageCheck, { changes, at }: RecordedOperation): Promise<void> {
  const { context, name } = check;
  let mended: Mended = isFresh(check, { modifiedMs: at }) ? "fresh" : "mended";
  for (const { pointer, before } of check.repair === true && mended === "mended" ? changes : []) {
    const key = pointerKey(name, pointer);
    const found = await context.store.head(key);
    if (found === undefined || (await topHashAt(context, key)) !== before) continue;
    const moved = await setAside(check, found);
    if (moved !== "mended") mended = moved;
  }
  const message = "The package was being removed, which was not finished: some pointers are still there.";
  check.report("E_LATEST_MISSING", {
    where: pointerKey(name, LATEST),
    message,
    mended: check.repair === true ? mended : "left",
  });
}

/** The revision to fall back to: the newest of the history that can be read. */
function newestOf({ slots, against }: PackageCheck): TopHash | undefined {
  const newestFirst = [...slots].sort(([a], [b]) => (a < b ? 1 : -1));
  return newestFirst.map(([, topHash]) => topHash).find((hash) => hash !== undefined && against.whole.has(hash));
}

interface DamagedLatest {
  readonly found: ListedObject | undefined;
  readonly object: StoredObject | undefined;
  readonly newest: TopHash | undefined;
}

/** A compare-and-swap against exactly what was found, of which quarantine gets a copy. */
async function repairLatest(check: PackageCheck, { found, object, newest }: DamagedLatest): Promise<Mended> {
  const { context, name, slots } = check;
  if (check.repair !== true || newest === undefined) return "left";
  if (found !== undefined && isFresh(check, found)) return "fresh";
  if (found !== undefined && object === undefined) {
    const moved = await setAside(check, found);
    if (moved !== "mended") return moved;
  }
  if (object !== undefined)
    await context.store.put(check.quarantine + pointerKey(name, LATEST), object.bytes, { mode: "create" });
  const note = { slot: lastSlot(slots), isListed: false, isShared: true };
  return mend(check, () => swapLatest(context, name, { replaces: object?.version, topHash: newest, note }));
}

/** The present revision must be in the history, at its end unless T4 rolled back; its writer may have died before. */
async function checkListed(check: PackageCheck, found: ListedObject): Promise<void> {
  const latest = await readLatest(check.context, check.name);
  // Who writes the pointer after `latest`, or the other way round, has not ended yet.
  if (latest === undefined || isFresh(check, found)) return;
  const listed = [...check.slots.keys()].filter((slot) => check.slots.get(slot) === latest.topHash);
  const own = latest.note?.isListed === true ? slotName(latest.note.slot) : "";
  if (!listed.some((slot) => slot >= own)) return reportUnlisted(check, latest);
  const last = [...check.slots].reduce((a, b) => (b[0] > a[0] ? b : a));
  const isRolledBack = latest.note?.isListed === false;
  if (isRolledBack || last[1] === latest.topHash || last[1] === undefined) return;
  const message = `latest stands on ${latest.topHash}, but the newest pointer, ${last[0]}, holds ${last[1]}.`;
  check.report("E_FORK", { where: found.key, message });
}

async function reportUnlisted(check: PackageCheck, latest: Latest): Promise<void> {
  const { context, name, slots } = check;
  const mended = await mend(check, async () => {
    // Whatever was published or removed since then took care of it.
    if ((await readLatest(context, name))?.version !== latest.version) return false;
    if (latest.note?.isListed === true) await listPublished(context, name, latest);
    else await writeSlot(context, name, { slots: slotsFrom(lastSlot(slots) + 1), topHash: latest.topHash });
    return true;
  });
  const message = `The latest revision ${latest.topHash} is not in the history.`;
  check.report("E_POINTER_MISSING", { where: pointerKey(name, LATEST), message, mended });
}
