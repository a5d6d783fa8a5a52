import { closeSync, createReadStream, createWriteStream, openSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { createHasher } from "#t4/hash/hasher.js";
import { runFileJobs } from "#t4/transfer/run-file-jobs.js";
import { createSharedRead, finishSharedRead, helpReading } from "#t4/transfer/shared-read.js";
import { walkDirectory } from "#t4/transfer/walk-directory.js";
import { temporaryDirectory } from "../temporary.js";

const MIB = 1 << 20;

/** Content in which no two chunks are alike. */
function* blocks(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += MIB) {
    const block = Buffer.alloc(Math.min(MIB, size - at), at / MIB);
    block.writeUInt32LE(at / MIB);
    yield block;
  }
}

function hashOf(size: number): string {
  const hasher = createHasher("sha2-256-chunked", size);
  for (const block of blocks(size)) hasher.update(block);
  return hasher.digest();
}

describe("a large file", () => {
  let work: string;
  const size = 70 * MIB + 12;

  beforeEach(async () => {
    work = temporaryDirectory();
    await pipeline(blocks(size), createWriteStream(join(work, "large")));
  });

  it("is hashed and copied by all threads as by one", async () => {
    const [file] = walkDirectory(work);
    const job = {
      kind: "store",
      source: { path: join(work, "large"), stamp: file?.stamp },
      types: ["sha2-256-chunked"],
      objects: join(work, "objects"),
      temporary: work,
      extension: "",
    } as const;
    let bytesRead = 0;
    let filesDone = 0;
    const onDone = ({ files, bytes }: { files: number; bytes: number }): void => {
      filesDone += files;
      bytesRead += bytes;
    };
    for await (const batch of runFileJobs([job], (item) => item, { onDone })) {
      const [{ result } = {}] = batch;
      expect(result?.values).toEqual({ "sha2-256-chunked": hashOf(size) });
      const hasher = createHasher("sha2-256-chunked", size);
      for await (const chunk of createReadStream(result?.path ?? "")) hasher.update(chunk as Buffer);
      expect(hasher.digest()).toBe(hashOf(size));
    }
    expect([bytesRead, filesDone]).toEqual([size, 1]);
  });

  it("is reported as failed, not waited for, when it ends early", () => {
    truncateSync(join(work, "large"), size - MIB);
    const source = openSync(join(work, "large"), "r");
    const read = createSharedRead({ source, sink: undefined, size });
    helpReading(read);
    expect(finishSharedRead(read)).toBeUndefined();
    closeSync(source);
  });

  it("is given up soon when the work is no longer wanted", async () => {
    writeFileSync(join(work, "small"), "");
    const interrupt = new AbortController();
    const jobs = [...walkDirectory(work)].map(
      (source) => ({ kind: "hash", source, types: ["sha2-256-chunked"] }) as const,
    );
    const run = async (): Promise<void> => {
      for await (const batch of runFileJobs(jobs, (job) => job, { signal: interrupt.signal }))
        expect(batch).toBe(batch);
    };
    setTimeout(() => interrupt.abort(new Error("enough")), 5);
    await expect(run()).rejects.toThrow("enough");
  });
});
