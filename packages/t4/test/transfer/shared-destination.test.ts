import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { runFileJobs } from "#t4/transfer/run-file-jobs.js";
import { temporaryDirectory } from "../temporary.js";

/** Opens a destination, makes a temporary file and takes all of it away again, over and over. */
const CHURN = `
  const { closeSync, unlinkSync } = require("node:fs");
  const { workerData } = require("node:worker_threads");
  import(workerData.module).then(({ openDestination }) => {
    for (let round = 0; round < 600; round++) {
      const destination = openDestination(workerData.root);
      const { file, path } = destination.createTemporary();
      closeSync(file);
      unlinkSync(path);
      destination.close();
    }
  });
`;

function churn(root: string): Promise<number> {
  const module = import.meta.resolve("#t4/transfer/destination.js");
  return new Promise((resolve, reject) => {
    new Worker(CHURN, { eval: true, workerData: { module, root } }).on("error", reject).on("exit", resolve);
  });
}

describe("a directory that several fill at once", () => {
  it("gets temporary files while others remove the empty place of theirs", async () => {
    const root = temporaryDirectory();
    expect(await Promise.all([churn(root), churn(root), churn(root)])).toEqual([0, 0, 0]);
    expect(readdirSync(root)).toEqual([]);
  });

  it("is filled twice on all threads, with every file in its place and nothing left over", async () => {
    const work = temporaryDirectory();
    const root = join(work, "dest");
    const count = 2500;
    mkdirSync(join(work, "source"));
    const jobs = Array.from({ length: count }, (_, i) => {
      const content = Buffer.from(`content ${i}`);
      const path = join(work, "source", String(i));
      writeFileSync(path, content);
      const expected = { type: "SHA256", value: hashBytes("SHA256", content), size: content.length } as const;
      return { kind: "install", source: { path }, expected, root, key: `d${i % 7}/${i}` } as const;
    });
    const fill = async (): Promise<number> => {
      let finished = 0;
      for await (const batch of runFileJobs(jobs, (job) => job)) finished += batch.length;
      return finished;
    };
    expect(await Promise.all([fill(), fill()])).toEqual([count, count]);
    for (const { key, source } of jobs) expect(readFileSync(join(root, key))).toEqual(readFileSync(source.path));
    expect(readdirSync(root).sort()).toEqual(["d0", "d1", "d2", "d3", "d4", "d5", "d6"]);
  });
});
