import { mapConcurrent } from "../base/concurrency.js";
import { isPackageName, type PackageName } from "../format/package-name.js";
import { isPointerName, isTimestampPointer, LATEST } from "../format/pointer.js";
import { POINTERS, pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { Listed, ListedObject } from "../store/store.js";
import { checkLatest } from "./fsck-latest.js";
import { isWhole } from "./fsck-manifests.js";
import { type Check, mend, setAside } from "./fsck-report.js";
import type { RecordedOperation } from "./operation-records.js";
import { overwrittenIn } from "./overwritten.js";
import { pointerAt, READS_AT_ONCE, topHashAt } from "./read-quietly.js";
import { slotsBefore } from "./slots.js";
import { writeSlot } from "./write-slot.js";

/** What pointers are checked against. */
export interface Against {
  /** Top hashes whose manifests are there and right. */
  readonly whole: Set<TopHash>;
  /** The operations of each package, in the order of their times. */
  readonly operations: ReadonlyMap<string, readonly RecordedOperation[]>;
}

/** One package, and what its timestamp pointers hold; `undefined`: no top hash. */
export interface PackageCheck extends Check {
  readonly name: PackageName;
  readonly against: Against;
  readonly slots: Map<string, TopHash | undefined>;
}

/** So far ahead of the clock a pointer is no revision that T4 pushed in a hurry. */
const FUTURE_MS = 3600 * 1000;

/** A pointer, and what it held when it was read. */
interface Looked {
  readonly found: ListedObject;
  readonly held: TopHash | "absent" | "damaged";
}

/** Checks the pointers of all packages. */
export async function checkPointers(check: Check, against: Against): Promise<void> {
  const { context, signal } = check;
  let current: PackageCheck | undefined;
  const look = async (found: Listed): Promise<Looked | undefined> =>
    "key" in found ? { found, held: await pointerAt(context, found.key) } : undefined;
  const all = mapConcurrent(context.store.list(POINTERS, { signal }), look, { concurrency: READS_AT_ONCE, signal });
  for await (const looked of all) {
    signal?.throwIfAborted();
    if (looked === undefined) continue;
    const { found, held } = looked;
    const { name, pointer } = placeOf(found.key);
    if (name === undefined) {
      await reportStray(check, found);
      continue;
    }
    if (current?.name !== name) {
      await finishPackage(current);
      current = { ...check, name, against, slots: new Map() };
    }
    if (pointer !== LATEST) await checkPointer(current, { found, held, pointer });
  }
  await finishPackage(current);
}

/** The package and pointer that a key stands for, when it can be one's. */
function placeOf(key: string): { readonly name?: PackageName; readonly pointer: string } {
  const [author = "", name = "", pointer = "", ...deeper] = key.slice(POINTERS.length).split("/");
  const owner = `${author}/${name}`;
  return deeper.length === 0 && pointer !== "" && isPackageName(owner) ? { name: owner, pointer } : { pointer };
}

/** What holds a top hash may be somebody's revision and stays. */
async function reportStray(check: Check, found: ListedObject): Promise<void> {
  const topHash = await topHashAt(check.context, found.key);
  const message =
    topHash === undefined
      ? "This file is no pointer; other clients may trip over it."
      : `This is no pointer's name, and T4 passes it over; it holds ${topHash}, so it is left.`;
  const mended = topHash === undefined ? await setAside(check, found) : "left";
  check.report("E_POINTER_NAME", { where: found.key, message, mended });
}

async function checkPointer(
  check: PackageCheck,
  { found, held, pointer }: Looked & { readonly pointer: string },
): Promise<void> {
  const { context, slots, against } = check;
  if (!isPointerName(pointer)) return reportStray(check, found);
  const where = found.key;
  const topHash = held === "absent" || held === "damaged" ? undefined : held;
  if (isTimestampPointer(pointer)) {
    slots.set(pointer, topHash);
    if (Number(pointer) * 1000 - context.clock.now() > FUTURE_MS) {
      const time = new Date(Number(pointer) * 1000).toISOString();
      check.report("E_POINTER_ORDER", { where, message: `The pointer lies in the future, at ${time}.` });
    }
  }
  // Taken out since the listing.
  if (held === "absent") return;
  if (topHash === undefined) {
    const message = "The pointer holds no top hash.";
    check.report("E_POINTER_BODY", { where, message, mended: await setAside(check, found) });
  } else if (!(await isWhole(check, against.whole, topHash))) {
    const message = `The pointer names ${topHash}, whose manifest is missing or damaged.`;
    check.report("E_MANIFEST_MISSING", { where, message });
  }
}

async function finishPackage(check: PackageCheck | undefined): Promise<void> {
  if (check === undefined) return;
  await checkOverwritten(check);
  await checkLatest(check);
}

/** Acknowledged pushes stay in the history, whatever another client wrote in their place. */
async function checkOverwritten(check: PackageCheck): Promise<void> {
  const { context, name, slots, against } = check;
  for (const { slot, topHash } of overwrittenIn(against.operations.get(name) ?? [], slots)) {
    const canServe = await isWhole(check, against.whole, topHash);
    const relist = async (): Promise<boolean> => {
      slots.set(await writeSlot(context, name, { slots: slotsBefore(Number(slot)), topHash }), topHash);
      return true;
    };
    const mended = canServe ? await mend(check, relist) : "left";
    const message = `The pointer of the acknowledged revision ${topHash} was overwritten or damaged: it left the history.`;
    check.report("E_POINTER_OVERWRITTEN", { where: pointerKey(name, slot), message, mended });
  }
}
