import { dirname } from "node:path";
import type { Clock } from "../../base/clock.js";
import { ABSENT, hasNoLinks, systemCode, T4Error } from "../../base/errors.js";
import { sealRecord } from "../sealed-record.js";
import type { Note, Version } from "../store.js";
import { versionOf } from "../version.js";
import { type FileSystem, housekeeping, uniqueName, unless } from "./file-system.js";
import { currentHolder, type Holder, isGone, isTicket, parseHolder } from "./holder.js";
import { makeDirectory } from "./make-directory.js";
import { LAST_TURN, readTurns, turnIn } from "./turns.js";

/** What the turnstile works with. */
export interface TurnstileContext {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  readonly random: () => number;
  /** Directory of temporary files, on the file system of what is swapped. */
  readonly temporary: string;
}

/** One compare-and-swap of a file. */
export interface Swap {
  /** The file. */
  readonly path: string;
  /** Directory of this file's turns. */
  readonly turns: string;
  /** The version that must be there; `undefined`: no file. */
  readonly expected: Version | undefined;
  /** What to put there; `undefined` removes the file. */
  readonly bytes: Uint8Array | undefined;
  readonly note: Note | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A holder that was seen in one turn for so long is shut out; this is safe at any length, only unkind. */
const LEASE_MS = 10_000;
/** So long the queue is waited for before the caller is told who is in front. */
const PATIENCE_MS = 30_000;
/** Looks are further apart the longer one waits, but never more than this. */
const MAX_PAUSE_MS = 100;
/** So many turns may be lost to others before there is a pause after each. */
const MAX_LOST = 10;
/** Turns that are kept: the newest one's note belongs to the present state. */
const KEPT_TURNS = 64;
const KEPT_MS = 24 * 3600 * 1000;

/**
 * Swaps a file's content if it still is what the caller expects; tells whether it did.
 *
 * Turns are numbered files that are only ever created: `<n>.lock` opens turn n, `<n>.note` says what it is about to
 * write, `<n>.done` ends it. Turn n+1 opens only when n is done. Whoever ends another's turn first removes that
 * holder's ticket, the very file whose rename would publish, so a holder that was stopped for an hour cannot publish
 * any more. Process ids, clocks and leases decide how long one waits, never what is true.
 *
 * When it returns `true` the swap is on the disk. A crash leaves the old or the new content, and nothing to clean up.
 *
 * @throws {@link T4Error} `ERR_T4_BUSY` when others were in front for 30 s.
 */
export async function swapFile(context: TurnstileContext, swap: Swap): Promise<boolean> {
  const { fs } = context;
  const own = uniqueName();
  const name = `${context.temporary}/${own}`;
  const ticket = `${name}.ticket`;
  const lock = `${name}.lock`;
  await makeDirectory(fs, context.temporary);
  await makeDirectory(fs, swap.turns);
  try {
    await fs.writeNew(lock, sealRecord(currentHolder(`${own}.ticket`)));
    for (;;) {
      await issueTicket(fs, ticket, swap);
      const turn = await enter(context, { turns: swap.turns, lock, signal: swap.signal });
      const outcome = await inside(context, { ...swap, turn, ticket, name }).finally(() =>
        housekeeping(fs.link(lock, `${swap.turns}/${turn}.done`)),
      );
      if (outcome === "shut out") continue;
      await housekeeping(forgetOldTurns(context, swap.turns, turn));
      return outcome === "swapped";
    }
  } finally {
    await housekeeping(fs.unlink(lock));
    await housekeeping(dropTicket(fs, ticket));
  }
}

/** The ticket is the new content, renamed into place; to remove the file, a directory that the old content moves into. */
async function issueTicket(fs: FileSystem, ticket: string, swap: Swap): Promise<void> {
  await dropTicket(fs, ticket);
  if (swap.bytes === undefined) await fs.mkdir(ticket);
  else await fs.writeNew(ticket, swap.bytes);
}

/** What `unlink` says of a directory: systems differ. Where it was a file after all, `rmdir` says what is the matter. */
const NO_FILE = ["ENOENT", "EISDIR", "EPERM", "EACCES"];
/** A ticket that is filled again and again is not its holder's doing. */
const MAX_DROPS = 10;

/** Takes a ticket away, whichever kind it is; when this returns, nobody can publish with it. */
async function dropTicket(fs: FileSystem, ticket: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await unless(ABSENT, fs.unlink(`${ticket}/removed`));
    await unless(NO_FILE, fs.unlink(ticket));
    try {
      await unless("ENOENT", fs.rmdir(ticket));
      return;
    } catch (error) {
      // Its holder moved the content into it between the two steps.
      if (systemCode(error) !== "ENOTEMPTY" || tries >= MAX_DROPS) throw error;
    }
  }
}

interface Inside extends Swap {
  readonly turn: number;
  readonly ticket: string;
  readonly name: string;
}

async function inside(context: TurnstileContext, swap: Inside): Promise<"swapped" | "refused" | "shut out"> {
  const { fs } = context;
  const present = await unless("ENOENT", fs.readFile(swap.path));
  const version = present === undefined ? undefined : versionOf(present);
  if (version !== swap.expected || swap.signal?.aborted === true) {
    swap.signal?.throwIfAborted();
    return "refused";
  }
  await leaveNote(fs, swap);
  return (await publish(fs, swap)) ? "swapped" : "shut out";
}

/** The note is there, whole, before the content it belongs to. */
async function leaveNote(fs: FileSystem, swap: Inside): Promise<void> {
  if (swap.bytes === undefined || swap.note === undefined) return;
  const temporary = `${swap.name}.note`;
  try {
    await fs.writeNew(temporary, sealRecord({ version: versionOf(swap.bytes), note: swap.note }));
    // Over what a turn of this number left that a power cut has undone: that one never published.
    await fs.rename(temporary, `${swap.turns}/${swap.turn}.note`);
    await fs.syncDirectory(swap.turns);
  } finally {
    await housekeeping(fs.unlink(temporary));
  }
}

/** The commit point: one rename, which fails iff the ticket is gone. */
async function publish(fs: FileSystem, swap: Inside): Promise<boolean> {
  const { ticket, path } = swap;
  if (swap.bytes === undefined && swap.expected === undefined) return true;
  for (;;) {
    await makeDirectory(fs, dirname(path));
    try {
      if (swap.bytes === undefined) await fs.rename(path, `${ticket}/removed`);
      else await fs.rename(ticket, path);
      await fs.syncDirectory(dirname(path));
      return true;
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
      // Gone may also be the target's directory, if someone removed it as empty just now: then the ticket is still there.
      if ((await unless("ENOENT", fs.stat(ticket))) === undefined) return false;
      if (swap.bytes === undefined) return true;
    }
  }
}

interface Entering {
  readonly turns: string;
  readonly lock: string;
  readonly signal: AbortSignal | undefined;
}

/** Waits for the turn before to end, or ends it when its holder is gone, then opens the next one. */
async function enter(context: TurnstileContext, entering: Entering): Promise<number> {
  const { fs, clock } = context;
  const { turns } = entering;
  const since = clock.now();
  let seen = { turn: -1, since };
  let lost = 0;
  for (;;) {
    entering.signal?.throwIfAborted();
    const { newest, isDone } = await readTurns(fs, turns);
    if (isDone && newest >= LAST_TURN) throw noneLeft(turns);
    if (isDone && (await openTurn(fs, entering, newest + 1))) return newest + 1;
    // Somebody was faster, whom the next look shows.
    if (isDone && lost++ < MAX_LOST) continue;
    if (seen.turn !== newest) seen = { turn: newest, since: clock.now() };
    const holder = await holderOf(fs, `${turns}/${newest}.lock`);
    if (!isDone && (clock.now() - seen.since > LEASE_MS || (holder !== undefined && isGone(holder)))) {
      await shutOut(context, holder);
      await unless("EEXIST", fs.link(entering.lock, `${turns}/${newest}.done`));
      continue;
    }
    if (clock.now() - since > PATIENCE_MS) throw busy(holder);
    const pause = Math.min(MAX_PAUSE_MS, 6 + (clock.now() - since) / 20);
    await clock.sleep(1 + context.random() * pause, entering.signal);
  }
}

function noneLeft(turns: string): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `No turn comes after number ${LAST_TURN} in ${turns}: somebody planted it.`, {
    hint: "Make sure that nobody pushes to this registry, then remove that directory.",
    facts: { turns },
  });
}

function busy(holder: Holder | undefined): T4Error {
  const who = holder === undefined ? "one whose record is damaged" : `process ${holder.pid} on ${holder.host}`;
  return new T4Error("ERR_T4_BUSY", `Waited ${PATIENCE_MS / 1000} s for other writers; ${who} is in front.`, {
    hint: "Nothing was published. Try again.",
    facts: holder === undefined ? {} : { host: holder.host, pid: holder.pid },
  });
}

/**
 * Takes a holder's ticket away. Of a holder whose record is damaged the ticket is not known: then all go, and whoever
 * loses one without need takes another turn.
 */
async function shutOut({ fs, temporary }: TurnstileContext, holder: Holder | undefined): Promise<void> {
  const tickets =
    holder === undefined ? (await fs.readdir(temporary)).map(({ name }) => name).filter(isTicket) : [holder.ticket];
  for (const ticket of tickets) await dropTicket(fs, `${temporary}/${ticket}`);
}

/** `undefined`: damaged, or gone. */
async function holderOf(fs: FileSystem, path: string): Promise<Holder | undefined> {
  const bytes = await unless("ENOENT", fs.readFile(path));
  return bytes === undefined ? undefined : parseHolder(bytes);
}

async function openTurn(fs: FileSystem, entering: Entering, turn: number): Promise<boolean> {
  const { turns, lock } = entering;
  try {
    await fs.link(lock, `${turns}/${turn}.lock`);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw withoutHardLinks(error, turns);
  }
  // A listing may have been old (NFS, or a turn forgotten meanwhile): only the newest turn counts.
  const { newest } = await readTurns(fs, turns);
  if (newest === turn) return true;
  await unless("EEXIST", fs.link(lock, `${turns}/${turn}.done`));
  return false;
}

function withoutHardLinks(error: unknown, turns: string): unknown {
  if (!hasNoLinks(error)) return error;
  return new T4Error(
    "ERR_T4_UNSUPPORTED",
    `The file system of ${turns} has no hard links, which safe publishing needs.`,
    {
      hint: "Keep the registry on a file system such as ext4, XFS, APFS or NTFS.",
      cause: error,
    },
  );
}

/** Removes turns that no waiting process can still refer to. */
async function forgetOldTurns(context: TurnstileContext, turns: string, turn: number): Promise<void> {
  if (turn % KEPT_TURNS !== 0) return;
  const { fs, clock } = context;
  for (const { name } of await fs.readdir(turns)) {
    if ((turnIn(name)?.number ?? turn) >= turn - KEPT_TURNS) continue;
    const found = await unless("ENOENT", fs.stat(`${turns}/${name}`));
    if (found !== undefined && clock.now() - found.modifiedMs > KEPT_MS)
      await unless("ENOENT", fs.unlink(`${turns}/${name}`));
  }
}
