import { ABSENT, hasSystemCode, isT4Error } from "../../base/errors.js";
import { openRecord } from "../sealed-record.js";
import type { Note, Version } from "../store.js";
import { type FileSystem, unless } from "./file-system.js";

/** The last number that a turn may have; names with larger ones are none of ours. No writers reach it, but a file may be planted. */
export const LAST_TURN = 999_999_999_999;
const TURN = /^([0-9]{1,12})\.(lock|note|done)$/;

/** The turn that a file belongs to, by its name, and whether it opens it, ends it or notes what it writes; `undefined` for others. */
export function turnIn(name: string): { readonly number: number; readonly kind: string } | undefined {
  const [, digits, kind] = TURN.exec(name) ?? [];
  return digits === undefined || kind === undefined ? undefined : { number: Number(digits), kind };
}

/** Looks which turn of a directory is the newest, and whether it is done; 0: there was none. */
export async function readTurns(
  fs: FileSystem,
  turns: string,
): Promise<{ readonly newest: number; readonly isDone: boolean }> {
  let newest = 0;
  const done = new Set<number>();
  for (const { name } of await fs.readdir(turns)) {
    const turn = turnIn(name);
    if (turn === undefined || turn.kind === "note") continue;
    if (turn.number > newest) newest = turn.number;
    if (turn.kind === "done") done.add(turn.number);
  }
  return { newest, isDone: newest === 0 || done.has(newest) };
}

/** `undefined` also for what somebody put in a note's place and is no file, or no small one. */
async function noteBytes(fs: FileSystem, path: string): Promise<Uint8Array | undefined> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (hasSystemCode(error, ["ENOENT"]) || isT4Error(error, "ERR_T4_INTEGRITY")) return undefined;
    throw error;
  }
}

/** Finds the note that was left with exactly this content; a damaged one is none. */
export async function readNote(fs: FileSystem, turns: string, version: Version): Promise<Note | undefined> {
  const names = (await unless(ABSENT, fs.readdir(turns))) ?? [];
  const numbers = names.map(({ name }) => turnIn(name)).map((turn) => (turn?.kind === "note" ? turn.number : 0));
  for (const turn of numbers.filter((number) => number > 0).sort((a, b) => b - a)) {
    const bytes = await noteBytes(fs, `${turns}/${turn}.note`);
    const left = bytes && openRecord(bytes);
    if (left?.["version"] === version) return left["note"] as Note;
  }
  return undefined;
}
