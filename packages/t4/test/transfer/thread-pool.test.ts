import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startThreads } from "#t4/transfer/thread-pool.js";
import { temporaryDirectory } from "../temporary.js";

/** A pool, and its threads as they are first spoken to. */
function watchedPool(): { readonly pool: ReturnType<typeof startThreads>; readonly workers: () => Set<Worker> } {
  const pool = startThreads();
  const spoken = vi.spyOn(Worker.prototype, "postMessage");
  return { pool, workers: () => new Set(spoken.mock.contexts as Worker[]) };
}

function hashJob(directory: string): Parameters<ReturnType<typeof startThreads>["run"]>[0] {
  const path = join(directory, "file");
  writeFileSync(path, "content");
  return [{ kind: "hash", source: { path }, types: ["SHA256"] }];
}

describe("a pool of threads", () => {
  const { signal } = new AbortController();

  afterEach(() => void vi.restoreAllMocks());

  it("fails what a dead thread was given, and what is given later, instead of waiting for ever", async () => {
    const { pool, workers } = watchedPool();
    const jobs = hashJob(temporaryDirectory());
    await pool.run(jobs, signal);
    const given = Array.from({ length: 50 }, () => pool.run(jobs, signal));
    const settled = Promise.allSettled(given);
    for (const worker of workers()) void worker.terminate();
    expect((await settled).some(({ status }) => status === "rejected")).toBe(true);
    await expect(pool.run(jobs, signal)).rejects.toMatchObject({ code: "ERR_T4_IO" });
    await pool.stop();
  });

  it("ends each thread once when it is stopped, and fails what they still had to do", async () => {
    const { pool } = watchedPool();
    const ended = vi.spyOn(Worker.prototype, "terminate");
    const jobs = hashJob(temporaryDirectory());
    const given = Promise.allSettled(Array.from({ length: 50 }, () => pool.run(jobs, signal)));
    await pool.stop();
    expect((await given).filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    expect(ended).toHaveBeenCalledTimes(availableParallelism());
  });

  it("ends also threads that wait for a dead one's part of a file", async () => {
    const waiting = new Worker("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", { eval: true });
    await new Promise((resolve) => waiting.once("online", resolve));
    expect(await waiting.terminate()).toBe(1);
  });

  it("passes a bug on as it is", async () => {
    const { pool } = watchedPool();
    const broken = [{ kind: "hash", source: { path: 7 as unknown as string }, types: [] }] as const;
    const error: unknown = await pool.run(broken, signal).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining("path") as string });
    expect(error).not.toHaveProperty("code");
    await pool.stop();
  });
});
