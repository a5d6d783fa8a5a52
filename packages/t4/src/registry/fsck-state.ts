import { unquote } from "../format/percent.js";
import { LOCKS, OPERATIONS, TEMPORARY } from "../format/registry-layout.js";
import { LAST_TURN, turnIn } from "../store/file/turns.js";
import { openRecord, sealRecord } from "../store/sealed-record.js";
import type { ListedObject, Version } from "../store/store.js";
import { type Check, isFresh, type Mended, mend, setAside } from "./fsck-report.js";
import { type RecordedOperation, readOperations } from "./operation-records.js";
import { lookAt } from "./read-quietly.js";

/** Temporary files older than this belong to no living process. */
const STALE_MS = 24 * 3600 * 1000;

/** Checks the records of operations; returns the good ones of each package, in the order of their times. */
export async function checkOperations(check: Check): Promise<Map<string, RecordedOperation[]>> {
  const { context, signal } = check;
  const operations = new Map<string, RecordedOperation[]>();
  for await (const record of readOperations(context, { prefix: OPERATIONS, signal })) {
    const { key } = record;
    if ("changes" in record) {
      const name = unquote(key.slice(OPERATIONS.length).split("/", 1)[0] ?? "");
      const known = operations.get(name);
      if (known === undefined) operations.set(name, [record]);
      else known.push(record);
      continue;
    }
    const message = "The record of an operation is damaged.";
    const mended = await setAside(check, await context.store.head(key));
    check.report("E_OPERATION_BODY", { where: key, message, mended });
  }
  return operations;
}

interface Turn {
  readonly found: ListedObject;
  readonly directory: string;
  /** The key that is written in this turn. */
  readonly target: string;
  readonly number: number;
  /** `lock`, `note` or `done`. */
  readonly kind: string;
}

/** `undefined` for what is none of the store's. */
function turnOf(found: ListedObject): Turn | undefined {
  const slash = found.key.lastIndexOf("/") + 1;
  const turn = turnIn(found.key.slice(slash));
  if (turn === undefined) return undefined;
  const directory = found.key.slice(0, slash);
  return { ...turn, found, directory, target: unquote(directory.slice(LOCKS.length, -1)) };
}

/** Checks the turns of a folder's writers; other stores have none. */
export async function checkTurns(check: Check): Promise<void> {
  const newest = new Map<string, Turn>();
  const ended = new Set<string>();
  for await (const found of check.context.store.list(LOCKS, { signal: check.signal })) {
    const turn = "key" in found ? turnOf(found) : undefined;
    if (turn === undefined) continue;
    const { directory, number, kind } = turn;
    if (kind === "done") ended.add(directory + number);
    if (kind === "lock" && number > (newest.get(directory)?.number ?? 0)) newest.set(directory, turn);
    await checkRecord(check, turn.found);
    if (kind === "lock" && number === LAST_TURN) {
      const message = `No turn comes after number ${number}, which somebody planted: nobody can publish.`;
      check.report("E_LOCK_LAST", { where: directory, message });
    }
  }
  for (const [directory, turn] of newest) {
    if (ended.has(directory + turn.number) || isFresh(check, turn.found)) continue;
    const message = `A process that died or stalled holds turn ${turn.number}.`;
    check.report("E_LOCK_STALE", { where: turn.found.key, message, mended: await endTurn(check, turn) });
  }
}

/** Goes through a turn as a writer does whose condition does not hold: that ends a dead one's before, and writes nothing. */
function endTurn(check: Check, { target }: Turn): Promise<Mended> {
  const { store } = check.context;
  const never = { replaces: "a version that nothing has" as Version };
  return mend(check, async () => !(await store.put(target, new Uint8Array(), { mode: never })).written);
}

/** A turn's name must stay, or two could be in it: what is damaged in one is written anew. A note may go. */
async function checkRecord(check: Check, found: ListedObject): Promise<void> {
  const { context } = check;
  const object = await lookAt(context, found.key);
  if (object === "absent") return;
  const bytes = object === "damaged" ? undefined : object.bytes;
  if (bytes !== undefined && openRecord(bytes) !== undefined) return;
  const message = "The record of a turn is damaged.";
  const canGo = found.key.endsWith(".note") || bytes === undefined;
  const mended = canGo ? await setAside(check, found) : await rewriteTurn(check, found, bytes);
  check.report("E_LOCK_BODY", { where: found.key, message, mended });
}

async function rewriteTurn(check: Check, found: ListedObject, damaged: Uint8Array): Promise<Mended> {
  const { store } = check.context;
  if (check.repair === true && isFresh(check, found)) return "fresh";
  return mend(check, async () => {
    await store.put(check.quarantine + found.key, damaged, { mode: "create" });
    return (await store.put(found.key, sealRecord({}))).written;
  });
}

/** Checks for temporary files that nobody will come back to. */
export async function checkTemporary(check: Check): Promise<void> {
  for await (const found of check.context.store.list(TEMPORARY, { signal: check.signal })) {
    if (!("key" in found) || check.context.clock.now() - found.modifiedMs < STALE_MS) continue;
    const message = "A temporary file was left by a process that died.";
    check.report("E_TMP_STALE", { where: found.key, message, mended: await setAside(check, found) });
  }
}
