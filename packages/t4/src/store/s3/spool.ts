import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MIN_CHUNK_SIZE } from "../../hash/chunk-rule.js";
import { readExactly } from "../file/read-exactly.js";
import { writeAll } from "../file/write-all.js";
import type { UploadSource } from "./upload-object.js";

/** Bytes that wait for their upload: in memory up to 8 MiB, then in a temporary file that only this user can read. */
export interface Spool extends UploadSource {
  append(chunk: Uint8Array): void;
  /** The same without waiting; fewer bytes only at the end. */
  readNow(start: number, end: number): Uint8Array;
  /** Frees memory and file. */
  dispose(): void;
}

/** Starts an empty spool; its file, if it comes to that, is in `directory`. */
export function createSpool(directory: string): Spool {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let file: number | undefined;
  const spill = (): number => {
    const path = join(directory, `t4-${randomUUID()}`);
    const opened = openSync(path, "wx+", 0o600);
    // Without a name it vanishes with this process, however that ends.
    rmSync(path, { force: true });
    try {
      for (const chunk of chunks) writeAll(opened, chunk);
    } catch (error) {
      closeSync(opened);
      throw error;
    }
    chunks = [];
    return opened;
  };
  return {
    get size() {
      return size;
    },
    append(chunk) {
      size += chunk.length;
      if (size >= MIN_CHUNK_SIZE) file ??= spill();
      if (file === undefined) chunks.push(chunk.slice());
      else writeAll(file, chunk);
    },
    async read(start, end) {
      if (file === undefined) return Buffer.concat(chunks).subarray(start, end);
      const bytes = await readExactly(file, start, end);
      if (bytes === undefined) throw new Error("A temporary file became shorter.");
      return bytes;
    },
    readNow(start, end) {
      if (file === undefined) return Buffer.concat(chunks).subarray(start, end);
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
      for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, bytes.length - at, start + at);
      return bytes;
    },
    dispose() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      chunks = [];
    },
  };
}
