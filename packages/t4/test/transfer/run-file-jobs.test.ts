import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { runFileJobs } from "#t4/transfer/run-file-jobs.js";
import { stampOf } from "#t4/transfer/stamp.js";
import { temporaryDirectory } from "../temporary.js";

const types = ["sha2-256-chunked"] as const;

function remoteJob(text: string) {
  const bytes = Buffer.from(text);
  const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
  return { kind: "hash", source: { url: `s3://bucket/${text}`, size: bytes.length, read }, types } as const;
}

function localJob(path: string) {
  return { kind: "hash", source: { path, stamp: stampOf(statSync(path)) }, types } as const;
}

describe("jobs on files among those that wait for a network", () => {
  it("have their results in the jobs' order", async () => {
    const work = temporaryDirectory();
    const names = ["a", "b", "c", "d", "e"];
    for (const name of names) writeFileSync(join(work, name), name);
    const jobs = names.map((name, i) => (i % 2 === 0 ? remoteJob(name) : localJob(join(work, name))));
    const values: unknown[] = [];
    for await (const batch of runFileJobs(jobs, (job) => job)) {
      values.push(...batch.map(({ result }) => result?.values["sha2-256-chunked"]));
    }
    expect(values).toEqual(names.map((name) => hashBytes("sha2-256-chunked", Buffer.from(name))));
  });

  it("are stopped in the middle of a large file by an abort", async () => {
    const path = join(temporaryDirectory(), "large");
    const size = 4 * 2 ** 30;
    writeFileSync(path, "");
    truncateSync(path, size);
    const interrupt = new AbortController();
    let bytesRead = 0;
    const onDone = ({ bytes }: { bytes: number }): void => {
      bytesRead += bytes;
      if (bytesRead > 1) interrupt.abort(new Error("enough"));
    };
    const run = async (): Promise<void> => {
      const jobs = [remoteJob("1"), localJob(path)];
      for await (const batch of runFileJobs(jobs, (job) => job, { signal: interrupt.signal, onDone }))
        expect(batch).toEqual([]);
    };
    await expect(run()).rejects.toThrow("enough");
    expect(bytesRead).toBeLessThan(size);
  }, 60_000);
});
