import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { systemCode, T4Error } from "../base/errors.js";
import { MIN_CHUNK_SIZE } from "../hash/chunk-rule.js";
import { createHasher, type Hasher, type HashType, hashBytes } from "../hash/hasher.js";
import { writeAll } from "../store/file/write-all.js";
import { cloneFile } from "./clone-file.js";
import type { HashValues, LocalFile, LocalSource, Read } from "./file-job.js";
import { createSharedRead, finishSharedRead, helpReading, SHARED_BYTES } from "./shared-read.js";
import type { Sink } from "./sink.js";
import { changedMs, type Stamp, sameStamp, stampOf } from "./stamp.js";
import { countRead, thisThread } from "./this-thread.js";

/** Fits the second-level cache: larger buffers are slower. Files up to this size are hashed before they are written. */
const BUFFER_BYTES = 256 * 1024;
/** A file changed so shortly ago may change again without its times showing it. */
const TICK_MS = 20;

let buffer: Buffer | undefined;

/**
 * Reads a source once, hashing it and, when a sink is given, writing it there.
 *
 * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED` when the file is not what `stamp` says, or changes while it is read.
 */
export function readSource(source: LocalSource, types: readonly HashType[], sink?: Sink): Read {
  try {
    const read = readInto(source, types, sink);
    sink?.end(read);
    return read;
  } catch (error) {
    sink?.drop();
    throw error;
  }
}

function readInto(source: LocalSource, types: readonly HashType[], sink: Sink | undefined): Read {
  if ("content" in source) {
    const values = takeWhole(source.content, types, sink);
    return { size: source.content.length, values, readAtMs: Date.now() };
  }
  const { file, stamp: before } = openUnchanged(source);
  try {
    const hashed = readFile(file, types, { size: before.size, sink });
    if (hashed === undefined) throw changed(source.path, "while it was read");
    return {
      size: before.size,
      ...hashed,
      stamp: requireStill(file, { ...source, stamp: before }),
      readAtMs: Date.now(),
    };
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a file for reading, as it was seen before if it was; the caller closes it, and asks {@link requireStill} at the end.
 *
 * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED`, and as {@link openSource}.
 */
export function openUnchanged({ path, stamp }: LocalFile): { readonly file: number; readonly stamp: Stamp } {
  const { file, stat } = openSource(path);
  try {
    const now = settled(file, stampOf(stat));
    if (stamp !== undefined && !sameStamp(now, stamp)) throw changed(path, "after it was added to the package");
    return { file, stamp: now };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The stamp of a file that was read, which must be as it was when it was opened. */
export function requireStill(file: number, { path, stamp }: LocalFile): Stamp {
  const after = stampOf(fstatSync(file));
  if (stamp !== undefined && !sameStamp(stamp, after)) throw changed(path, "while it was read");
  return after;
}

/**
 * Opens a regular file for reading; the caller closes it.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` for what is absent or something else, `ERR_T4_ACCESS`.
 */
function openSource(path: string): { readonly file: number; readonly stat: Stats } {
  try {
    // Not blocking: a pipe in the file's place must not hang us.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (stat.isFile()) return { file, stat };
    closeSync(file);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `${path} is not a regular file.`, {
    hint: "Something else took the file's place: bring the file back, or set it again.",
    facts: { path },
  });
}

function unreadable(path: string, cause: unknown): unknown {
  const facts = { path };
  const code = systemCode(cause);
  if (code === "ENOENT") {
    const hint = "Bring it back, or set it again from where it is now.";
    return new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, { hint, facts, cause });
  }
  if (code !== "EACCES") return cause;
  const hint = "Change its permissions, or ask its owner.";
  return new T4Error("ERR_T4_ACCESS", `No permission to read ${path}.`, { hint, facts, cause });
}

/** The stamp of a file from which on a change shows in the file's times: of one just changed, only after a clock tick. */
function settled(file: number, stamp: Stamp): Stamp {
  if (Math.abs(Date.now() - changedMs(stamp)) > TICK_MS) return stamp;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TICK_MS);
  return stampOf(fstatSync(file));
}

/** What came of reading a file. */
type Hashed = Pick<Read, "values" | "chunks">;

interface Copy {
  readonly size: number;
  readonly sink: Sink | undefined;
}

/** The hashes of an open file, copied into the sink on the way; `undefined` when it has not the size that is expected. */
function readFile(file: number, types: readonly HashType[], { size, sink }: Copy): Hashed | undefined {
  if (size <= BUFFER_BYTES) {
    const bytes = readWhole(file, size);
    return bytes && { values: takeWhole(bytes, types, sink) };
  }
  const copy = sink?.open(size);
  if (copy === undefined || !cloneFile(file, copy, size)) return readLarge(file, types, { size, copy });
  // What was cloned is what has to be right.
  const clone = openSync(`/proc/self/fd/${copy}`, "r");
  try {
    return readLarge(clone, types, { size, copy: undefined });
  } finally {
    closeSync(clone);
  }
}

/** Hashes bytes, then writes them where that is wanted. */
function takeWhole(bytes: Uint8Array, types: readonly HashType[], sink: Sink | undefined): HashValues {
  const values = Object.fromEntries(types.map((type) => [type, hashBytes(type, bytes)]));
  const copy = sink?.open(bytes.length, values);
  if (copy !== undefined) writeAll(copy, bytes);
  return values;
}

/** A small file's bytes, valid until the next read; `undefined` when it ends early. That it grew its stamp will show. */
function readWhole(file: number, size: number): Uint8Array | undefined {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let total = 0;
  while (total < size) {
    const count = readSync(file, buffer, total, size - total, null);
    if (count === 0) return undefined;
    total += count;
  }
  countRead(total);
  return buffer.subarray(0, size);
}

interface LargeCopy {
  readonly size: number;
  /** The file that gets the bytes. */
  readonly copy: number | undefined;
}

/** With the help of other threads, where that is possible and pays. */
function readLarge(file: number, types: readonly HashType[], large: LargeCopy): Hashed | undefined {
  const { callForHelp } = thisThread;
  if (callForHelp === undefined || large.size < SHARED_BYTES || types.some((type) => type !== "sha2-256-chunked"))
    return readAlone(file, types, large);
  const read = createSharedRead({ source: file, sink: large.copy, size: large.size });
  callForHelp(read);
  helpReading(read);
  const value = finishSharedRead(read);
  if (value === undefined) return readAlone(file, types, large);
  return { values: { "sha2-256-chunked": value }, chunks: read.digests };
}

function readAlone(file: number, types: readonly HashType[], { size, copy }: LargeCopy): Hashed | undefined {
  const hashers = types.map((type): [HashType, Hasher] => [type, createHasher(type, size)]);
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  // A growing file would be read for ever.
  for (let total = 0; total < size; ) {
    const count = readSync(file, buffer, 0, Math.min(BUFFER_BYTES, size - total), null);
    if (count === 0) return undefined;
    countRead(count);
    total += count;
    const bytes = buffer.subarray(0, count);
    for (const [, hasher] of hashers) hasher.update(bytes);
    if (copy !== undefined) writeAll(copy, bytes);
  }
  const values: HashValues = Object.fromEntries(hashers.map(([type, hasher]) => [type, hasher.digest()]));
  const chunked = size < MIN_CHUNK_SIZE ? undefined : hashers.find(([type]) => type === "sha2-256-chunked")?.[1];
  const chunks = chunked?.chunks?.();
  return { values, ...(chunks && { chunks }) };
}

/** The error for a source that is not what it was. */
export function changed(path: string, when: string): T4Error {
  return new T4Error("ERR_T4_SOURCE_CHANGED", `The file ${path} changed ${when}.`, {
    hint: "Wait until nothing writes to it, then set it again and repeat.",
    facts: { path },
  });
}
