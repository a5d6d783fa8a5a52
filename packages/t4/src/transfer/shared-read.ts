import { readSync } from "node:fs";
import { chunkCountFor, chunkSizeFor } from "../hash/chunk-rule.js";
import { hashOfChunks } from "../hash/chunked.js";
import { createSha256, SHA256_BYTES } from "../hash/sha256.js";
import { writeAll } from "../store/file/write-all.js";
import { countRead } from "./this-thread.js";

/** From this size on, a file is worth the help of other threads. */
export const SHARED_BYTES: number = 64 << 20;

/** Fits the second-level cache: larger buffers are slower. */
const BUFFER_BYTES = 256 * 1024;

/**
 * A large file that several threads hash, and copy, together: each takes the next chunk until none is left.
 *
 * Descriptors are of the process, so all threads use the same ones; positions are always given. All that changes is in
 * shared memory.
 */
export interface SharedRead {
  readonly source: number;
  /** Gets the same bytes at the same positions. */
  readonly sink: number | undefined;
  readonly size: number;
  /** Room for the SHA-256 of every chunk. */
  readonly digests: Uint8Array;
  /** By {@link Slot}. */
  readonly state: Int32Array;
}

/** The places of the shared counters. */
const Slot = { next: 0, finished: 1, failed: 2 } as const;

/** Starts a shared read; nothing is read yet. */
export function createSharedRead(file: Pick<SharedRead, "source" | "sink" | "size">): SharedRead {
  const digests = new Uint8Array(new SharedArrayBuffer(chunkCountFor(file.size) * SHA256_BYTES));
  return { ...file, digests, state: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)) };
}

let buffer: Buffer | undefined;

/** Reads chunks until none is left or a thread failed; every thread that helps calls this. */
export function helpReading(read: SharedRead): void {
  const { state, size } = read;
  const chunkSize = chunkSizeFor(size);
  const count = chunkCountFor(size);
  for (;;) {
    const chunk = Atomics.add(state, Slot.next, 1);
    if (chunk >= count) return;
    try {
      if (Atomics.load(state, Slot.failed) === 0)
        readChunk(read, { chunk, end: Math.min(size, (chunk + 1) * chunkSize) });
    } catch {
      // The thread that owns the file reads it again alone, and meets and tells the same failure.
      Atomics.store(state, Slot.failed, 1);
    } finally {
      Atomics.add(state, Slot.finished, 1);
      Atomics.notify(state, Slot.finished);
    }
  }
}

/** Waits until no thread uses the file any more; `undefined` when one of them failed, else the object's hash. */
export function finishSharedRead({ state, digests, size }: SharedRead): string | undefined {
  const count = chunkCountFor(size);
  for (let finished = 0; finished < count; finished = Atomics.load(state, Slot.finished)) {
    Atomics.wait(state, Slot.finished, finished);
  }
  if (Atomics.load(state, Slot.failed) !== 0) return undefined;
  return hashOfChunks([digests]);
}

function readChunk(read: SharedRead, { chunk, end }: { readonly chunk: number; readonly end: number }): void {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const hash = createSha256();
  let at = chunk * chunkSizeFor(read.size);
  while (at < end) {
    const count = readSync(read.source, buffer, 0, Math.min(BUFFER_BYTES, end - at), at);
    if (count === 0) throw new Error("The file ended early.");
    countRead(count);
    const bytes = buffer.subarray(0, count);
    hash.update(bytes);
    if (read.sink !== undefined) writeAll(read.sink, bytes, at);
    at += count;
  }
  read.digests.set(hash.digest(), chunk * SHA256_BYTES);
}
