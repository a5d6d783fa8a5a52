import { spawnSync } from "node:child_process";
import { closeSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { Batch } from "#t4/transfer/batch.js";
import { openDestination } from "#t4/transfer/destination.js";
import type { Expected } from "#t4/transfer/file-job.js";
import { runJobs } from "#t4/transfer/run-job.js";
import { temporaryDirectory } from "../temporary.js";

/** Begins a file in a directory and is killed. */
const KILLED = `
  const [module, root] = process.argv.slice(1);
  const { openDestination } = await import(module);
  openDestination(root).createTemporary();
  process.kill(process.pid, "SIGKILL");
`;

function killedIn(root: string): void {
  const module = import.meta.resolve("#t4/transfer/destination.js");
  spawnSync(process.execPath, ["--input-type=module", "-e", KILLED, module, root]);
}

/** Writes the beginning of a large file in a directory and is killed. */
const KILLED_PART = `
  const { writeSync } = await import("node:fs");
  const [module, root, expected] = process.argv.slice(1);
  const { openDestination } = await import(module);
  const { file } = openDestination(root).createPart(JSON.parse(expected));
  writeSync(file, Buffer.alloc(20 << 20));
  process.kill(process.pid, "SIGKILL");
`;

describe("the beginning of a large file that a killed install left", () => {
  const expected = { type: "SHA256", value: "00", size: 100 << 20 } as const;
  const begin = (root: string): void => {
    const module = import.meta.resolve("#t4/transfer/destination.js");
    const argv = ["--input-type=module", "-e", KILLED_PART, module, root, JSON.stringify(expected)];
    spawnSync(process.execPath, argv);
  };
  const lengthOf = (root: string, content: Expected): number => {
    const destination = openDestination(root);
    const { file, length } = destination.createPart(content);
    closeSync(file);
    destination.close();
    return length;
  };

  it.skipIf(process.platform === "win32")("is gone on with by one other install, for the same content", () => {
    const root = temporaryDirectory();
    begin(root);
    expect(lengthOf(root, { ...expected, size: 99 << 20 })).toBe(0);
    expect(lengthOf(root, expected)).toBe(16 << 20);
    expect(lengthOf(root, expected)).toBe(0);
  });

  it.skipIf(process.platform === "win32")("is not written to under a further name, which may be another's file", () => {
    const root = temporaryDirectory();
    begin(root);
    const temporary = join(root, ".t4/tmp");
    const [name = ""] = readdirSync(temporary);
    linkSync(join(temporary, name), join(root, "other"));
    expect(lengthOf(root, expected)).toBe(0);
    expect(statSync(join(root, "other")).size).toBe(20 << 20);
  });

  it.skipIf(process.platform === "win32")("is removed after a week", () => {
    const root = temporaryDirectory();
    begin(root);
    const temporary = join(root, ".t4/tmp");
    const [name = ""] = readdirSync(temporary);
    const aWeekAgo = new Date(Date.now() - 8 * 24 * 3600 * 1000);
    utimesSync(join(temporary, name), aWeekAgo, aWeekAgo);
    openDestination(root).close();
    expect(existsSync(temporary)).toBe(false);
  });
});

describe("an install that is killed", () => {
  it.skipIf(process.platform === "win32")("has its temporary files removed by the next one", () => {
    const root = temporaryDirectory();
    const temporary = join(root, ".t4/tmp");
    killedIn(root);
    expect(readdirSync(temporary)).toHaveLength(1);
    openDestination(root).close();
    expect(existsSync(temporary)).toBe(false);
  });

  it("leaves alone what may be another's who lives, or is on another machine, unless it is old", () => {
    const root = temporaryDirectory();
    const temporary = join(root, ".t4/tmp");
    mkdirSync(temporary, { recursive: true });
    const old = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    for (const name of ["new", "old"]) writeFileSync(join(temporary, name), "");
    utimesSync(join(temporary, "old"), old, old);
    const other = temporaryDirectory();
    const ours = openDestination(other).createTemporary();
    closeSync(ours.file);
    const own = ours.path.slice(ours.path.lastIndexOf("/") + 1);
    writeFileSync(join(temporary, own), "");
    utimesSync(join(temporary, own), old, old);
    openDestination(root).close();
    expect(readdirSync(temporary).sort()).toEqual([own, "new"].sort());
  });

  it("keeps all files but those of the last second", () => {
    const work = temporaryDirectory();
    const root = join(work, "dest");
    const jobs = Array.from({ length: 30 }, (_, i) => {
      const content = Buffer.from(`content ${i}`);
      writeFileSync(join(work, String(i)), content);
      const expected = { type: "SHA256", value: hashBytes("SHA256", content), size: content.length } as const;
      return { kind: "install", source: { path: join(work, String(i)) }, expected, root, key: `d/${i}` } as const;
    });
    let now = 0;
    const before: number[] = [];
    const onDone = (): void => {
      now += 100;
      before.push(existsSync(join(root, "d")) ? readdirSync(join(root, "d")).length : 0);
    };
    expect(runJobs(jobs, onDone, new Batch({ now: () => now }))).toHaveLength(30);
    expect([before[9], before[10], before[20], before[29]]).toEqual([0, 10, 20, 20]);
    expect(readdirSync(join(root, "d"))).toHaveLength(30);
  });

  it("flushes less often where flushing takes long", () => {
    let [now, flushes] = [0, 0];
    const batch = new Batch({ now: () => now });
    batch.publish = () => {
      flushes++;
      now += 1000;
    };
    for (; now < 60_000; now += 100) batch.publishIfDue();
    expect(flushes).toBe(6);
  });
});
