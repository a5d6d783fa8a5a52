import { closeSync, openSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { systemCode, T4Error } from "../../base/errors.js";
import { sealRecord } from "../sealed-record.js";
import { currentProcess, isGone, type ProcessRecord, parseProcess } from "./holder.js";
import { readRegularText } from "./regular-file.js";
import { writeAll } from "./write-all.js";

/** What says whose a file is takes a few hundred bytes. */
const MAX_RECORD_BYTES = 64 << 10;

/** A file that one process has at a time; whoever made it has the right to do what it stands for. */
export interface OwnFile {
  /** Lets the next one have it. */
  release(): void;
}

/**
 * Makes a file that says whose it is; `undefined` when another process has it. One whose process is gone, on this machine, is taken over.
 *
 * Only its owner removes it, and those who hold `<path>.dead` while they look again whether that owner is gone: of two that find a
 * dead one's file, the slower sees the quicker one's. Who is killed in that moment leaves `<path>.dead`, and the file is taken no more.
 */
export function takeFile(path: string): OwnFile | undefined {
  if (!make(path)) {
    if (!isDead(path)) return undefined;
    removeDead(path);
    if (!make(path)) return undefined;
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** Longest that another process is waited for: what it does takes a moment. */
const PATIENCE_MS = 30_000;
const MOST_PAUSE_MS = 50;

/**
 * The same, after a while when others have it.
 *
 * @throws {@link T4Error} `ERR_T4_BUSY` when they had it for 30 s.
 */
export async function waitForFile(path: string): Promise<OwnFile> {
  const since = performance.now();
  for (let pause = 1; ; pause = Math.min(MOST_PAUSE_MS, pause * 2)) {
    const own = takeFile(path);
    if (own !== undefined) return own;
    if (performance.now() - since > PATIENCE_MS) throw busy(path);
    await setTimeout(pause * (0.5 + Math.random()));
  }
}

function removeDead(path: string): void {
  const guard = `${path}.dead`;
  if (!make(guard)) return;
  try {
    if (isDead(path)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function make(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    writeAll(file, sealRecord(currentProcess()));
    return true;
  } catch (error) {
    // On a full disk: a file that says nothing would be somebody's for ever.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function isDead(path: string): boolean {
  const owner = ownerOf(path);
  return owner !== undefined && isGone(owner);
}

/** `undefined` also where it is being written. A pipe that somebody planted is not waited for. */
function ownerOf(path: string): ProcessRecord | undefined {
  try {
    return parseProcess(Buffer.from(readRegularText(path, MAX_RECORD_BYTES)));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function busy(path: string): T4Error {
  const owner = ownerOf(path);
  const who = owner === undefined ? "somebody" : `process ${owner.pid} on ${owner.host}`;
  return new T4Error("ERR_T4_BUSY", `Waited ${PATIENCE_MS / 1000} s for ${path}, which ${who} has.`, {
    hint: "Nothing was changed. If that process is gone, remove the file, and the one with .dead behind its name.",
    facts: { path, ...(owner && { pid: owner.pid, host: owner.host }) },
  });
}
