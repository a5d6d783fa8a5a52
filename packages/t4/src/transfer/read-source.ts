import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { systemCode, T4Error } from "../base/errors.js";
import { createHasher, type Hasher, type HashType } from "../hash/hasher.js";
import { cloneFile } from "./clone-file.js";
import type { Source } from "./file-job.js";
import { createSharedRead, finishSharedRead, helpReading, SHARED_BYTES } from "./shared-read.js";
import { countRead, thisThread } from "./this-thread.js";
import { type Stamp, stampOf } from "./walk-directory.js";

/** Fits the second-level cache: larger buffers are slower. */
const BUFFER_BYTES = 256 * 1024;
/** A file changed so shortly ago may change again without its times showing it. */
const TICK_NS = 20_000_000n;

/** What was read. */
export interface Read {
  readonly size: number;
  readonly values: Partial<Record<HashType, string>>;
  readonly stamp?: Stamp;
  readonly readAtMs: number;
}

let buffer: Buffer | undefined;

/**
 * Reads a source once, hashing it and, when `sink` is given, writing it to that file descriptor.
 *
 * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED` when the file is not what `stamp` says, or changes while it is read.
 */
export function readSource(source: Source, types: readonly HashType[], sink?: number): Read {
  if ("content" in source) return readContent(source.content, types, sink);
  const file = openSource(source.path);
  try {
    settle(stampOf(fstatSync(file, { bigint: true })));
    const before = stampOf(fstatSync(file, { bigint: true }));
    if (source.stamp !== undefined && !sameStamp(before, source.stamp))
      throw changed(source.path, "after it was added to the package");
    const values = readFile(file, types, { size: before.size, sink });
    const after = stampOf(fstatSync(file, { bigint: true }));
    if (values === undefined || !sameStamp(before, after)) throw changed(source.path, "while it was read");
    return { size: before.size, values, stamp: after, readAtMs: Date.now() };
  } finally {
    closeSync(file);
  }
}

interface Copy {
  readonly size: number;
  readonly sink: number | undefined;
}

/** The hashes of an open file, copied into the sink on the way; `undefined` when it has not the size that is expected. */
function readFile(file: number, types: readonly HashType[], copy: Copy): Read["values"] | undefined {
  const { size, sink } = copy;
  if (sink === undefined || !cloneFile(file, sink, size))
    return readTogether(file, types, copy) ?? readAlone(file, types, copy);
  // What was cloned is what has to be right.
  const clone = openSync(`/proc/self/fd/${sink}`, "r");
  try {
    const read = { size, sink: undefined };
    return readTogether(clone, types, read) ?? readAlone(clone, types, read);
  } finally {
    closeSync(clone);
  }
}

/** With the help of other threads, where that is possible and pays. */
function readTogether(file: number, types: readonly HashType[], { size, sink }: Copy): Read["values"] | undefined {
  const { callForHelp } = thisThread;
  if (callForHelp === undefined || size < SHARED_BYTES || types.some((type) => type !== "sha2-256-chunked"))
    return undefined;
  const read = createSharedRead({ source: file, sink, size });
  callForHelp(read);
  helpReading(read);
  const value = finishSharedRead(read);
  return value === undefined ? undefined : { "sha2-256-chunked": value };
}

function readAlone(file: number, types: readonly HashType[], copy: Copy): Read["values"] | undefined {
  const hashers = types.map((type): [HashType, Hasher] => [type, createHasher(type, copy.size)]);
  return pump(file, hashers, copy) === copy.size ? digests(hashers) : undefined;
}

function openSource(path: string): number {
  try {
    // Not blocking: a pipe in the file's place must not hang us.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT")
      throw new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, { facts: { path }, cause });
    if (code === "EACCES")
      throw new T4Error("ERR_T4_ACCESS", `No permission to read ${path}.`, { facts: { path }, cause });
    throw cause;
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `${path} is not a regular file.`, { facts: { path } });
}

function readContent(content: Uint8Array, types: readonly HashType[], sink: number | undefined): Read {
  const hashers = types.map((type): [HashType, Hasher] => [type, createHasher(type, content.length)]);
  for (const [, hasher] of hashers) hasher.update(content);
  if (sink !== undefined) writeAll(sink, content);
  return { size: content.length, values: digests(hashers), readAtMs: Date.now() };
}

function pump(file: number, hashers: readonly [HashType, Hasher][], options: Copy): number {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let total = 0;
  for (;;) {
    const count = readSync(file, buffer, 0, BUFFER_BYTES, null);
    if (count === 0) return total;
    countRead(count);
    total += count;
    // A growing file would be read for ever.
    if (total > options.size) return total;
    const bytes = buffer.subarray(0, count);
    for (const [, hasher] of hashers) hasher.update(bytes);
    if (options.sink !== undefined) writeAll(options.sink, bytes);
  }
}

function digests(hashers: readonly [HashType, Hasher][]): Partial<Record<HashType, string>> {
  return Object.fromEntries(hashers.map(([type, hasher]) => [type, hasher.digest()]));
}

/** Writes all bytes at the file's position. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Waits until a change during the read would show in the file's times. */
function settle(stamp: Stamp): void {
  const age = BigInt(Date.now()) * 1_000_000n - (stamp.ctimeNs > stamp.mtimeNs ? stamp.ctimeNs : stamp.mtimeNs);
  if (age > TICK_NS || age < -TICK_NS) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(TICK_NS / 1_000_000n));
}

/** Whether two stamps are of one state of one file. */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.inode === b.inode &&
    a.device === b.device
  );
}

/** The error for a source that is not what it was. */
export function changed(path: string, when: string): T4Error {
  return new T4Error("ERR_T4_SOURCE_CHANGED", `The file ${path} changed ${when}.`, {
    hint: "Wait until nothing writes to it, then set it again and repeat.",
    facts: { path },
  });
}
