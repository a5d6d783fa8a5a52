import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { BIN, Scratch } from "../cli/scratch.js";

const FILES = 24;
const FILE_BYTES = 8_000_000;

/** Ctrl-C at a moment when the command is at work, in processes of their own. */
describe("Ctrl-C", () => {
  let scratch: Scratch;
  /** Commands that Ctrl-C met at work; one that was just done ends with 0. */
  let interrupted = 0;

  // A machine may be so fast, or so slow, that one is missed, but not all.
  afterAll(() => {
    if (interrupted === 0) throw new Error("No command was interrupted.");
  });

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("data/first.txt", "x");
    for (let i = 0; i < FILES; i++) writeFileSync(scratch.path(`data/${i}.bin`), Buffer.alloc(FILE_BYTES, i));
  });

  const interrupt = async (
    argv: readonly string[],
    options: { readonly isAtWork: () => boolean; readonly times?: number },
  ): Promise<{ readonly code: number | null; readonly err: string; readonly afterMs: number }> => {
    const child = spawn(process.execPath, [BIN, ...argv], { cwd: scratch.cwd, env: scratch.env });
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    // Node gives signals back to the system when it is done; the process then ends as a shell shows by 130.
    const ended = new Promise<number | null>((resolve) =>
      child.on("close", (code, signal) => resolve(signal === "SIGINT" ? 130 : code)),
    );
    await vi.waitUntil(() => options.isAtWork() || child.exitCode !== null, { timeout: 60_000, interval: 2 });
    const sentAt = Date.now();
    for (let i = 0; i < (options.times ?? 1); i++) {
      child.kill("SIGINT");
      // Two signals at once are one to a process.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const code = await ended;
    expect([0, 130]).toContain(code);
    if (code === 130) interrupted++;
    return { code, err, afterMs: Date.now() - sentAt };
  };
  const temporary = (): string => scratch.path("registry/.quilt/t4/tmp");
  const installed = (): string[] =>
    existsSync(scratch.path("copy")) ? readdirSync(scratch.path("copy"), { encoding: "utf8" }) : [];

  it("ends a push with 130 and nothing published; the same command again ends it and leaves nothing behind", async () => {
    const argv = ["push", "alice/a", "data", "registry"];
    const { code, err } = await interrupt(argv, { isAtWork: () => existsSync(temporary()) });
    if (code === 130) {
      expect(err).toContain("Cancelled: nothing is left half-done, and the same command again goes on from there.");
      expect(scratch.t4(["show", "alice/a", "--registry", "registry"]).code).toBe(4);
    }
    scratch.ok(argv);
    expect(readdirSync(temporary())).toEqual([]);
    scratch.ok(["fsck", "registry", "--read-data"]);
  });

  it("ends an install with 130 and whole files only; the same command again ends it", async () => {
    await scratch.publish("data", "registry", "First");
    const argv = ["install", "alice/weather", "--registry", "registry", "--dest", "copy"];
    const { code, err } = await interrupt(argv, { isAtWork: () => installed().length > 0 });
    if (code === 130) expect(err).toContain("Cancelled");
    expect(installed().filter((name) => !name.startsWith(".t4") && !/^(\d+\.bin|first\.txt)$/.test(name))).toEqual([]);
    scratch.ok(argv);
    scratch.ok(["verify", "copy"]);
  });

  it("ends a verify with 130", async () => {
    await scratch.publish("data", "registry", "First");
    let isStarted = false;
    setTimeout(() => (isStarted = true), 300);
    await interrupt(["verify", "data"], { isAtWork: () => isStarted });
    expect(scratch.t4(["verify", "data"]).code).toBe(0);
  });

  it("ends a cat with 130, though nobody takes what it prints", async () => {
    await scratch.publish("data", "registry", "First");
    const argv = ["cat", "alice/weather/1.bin", "--registry", "registry"];
    const child = spawn(process.execPath, [BIN, ...argv], { cwd: scratch.cwd, env: scratch.env });
    try {
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      // Heard of, and left in the pipe.
      await new Promise((resolve) => child.stdout.once("readable", resolve));
      child.kill("SIGINT");
      expect(await ended).toBe(130);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("a second time ends the command at once", async () => {
    const argv = ["push", "alice/a", "data", "registry"];
    const { afterMs } = await interrupt(argv, { isAtWork: () => existsSync(temporary()), times: 2 });
    expect(afterMs).toBeLessThan(5000);
    scratch.ok(argv);
    scratch.ok(["verify", "data"]);
    expect(existsSync(join(scratch.cwd, "registry/.quilt/named_packages/alice/a/latest"))).toBe(true);
  });
});
