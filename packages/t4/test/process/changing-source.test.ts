import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isCampaign, runs } from "testkit/runs.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isT4Error, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { ended } from "./actors.js";

const MUTATOR = fileURLToPath(new URL("./mutator.js", import.meta.url));
const PUSHES = runs({ quick: 10, full: 1000 });
const FILES = 4;
/** So often the mutator is stopped, and what is pushed then must be what is there. */
const LOOK_EVERY = 5;
const BLOCK = 4096;

describe("a push of files that change", () => {
  let data: string;
  let registry: string;
  let mutator: ChildProcess;

  beforeEach(async () => {
    const root = temporaryDirectory();
    [data, registry] = [join(root, "data"), join(root, "registry")];
    mkdirSync(data);
    writeFileSync(join(data, ".quiltignore"), "*.new\n");
    mutator = spawn(process.execPath, [MUTATOR, data, String(FILES)], { stdio: ["ignore", "pipe", "inherit"] });
    await once(mutator.stdout as NonNullable<typeof mutator.stdout>, "data");
  });
  afterEach(async () => {
    mutator.kill("SIGKILL");
    await ended({ child: mutator });
  });

  async function push(): Promise<string> {
    return (await new Package().setDir("", data)).push("u/p", registry, { force: true });
  }

  /** The bytes that a file had at one moment: blocks of one writing, behind them older ones, never the reverse. */
  async function expectOneMoment(topHash: string): Promise<void> {
    const pkg = await Package.browse(`u/p@${topHash}`, { registry });
    for (let i = 0; i < FILES; i++) {
      const text = await pkg.entry(`f${i}`).text();
      expect(text.length % BLOCK).toBe(0);
      const writings = text.trim().split("\n").map(Number);
      expect(writings, `f${i}`).toEqual(writings.toSorted((a, b) => b - a));
    }
  }

  async function pushStopped(): Promise<void> {
    mutator.kill("SIGSTOP");
    await push();
    const pkg = await Package.browse("u/p", { registry });
    expect(await pkg.verify(data)).toMatchObject({ modified: [], missing: [] });
    mutator.kill("SIGCONT");
  }

  it("holds each file as it was at one moment, or is refused by name; what lies still is pushed as it is", async () => {
    let [accepted, refused] = [0, 0];
    for (let i = 0; i < PUSHES; i++) {
      if (i % LOOK_EVERY === 0) await pushStopped();
      try {
        await expectOneMoment(await push());
        accepted++;
      } catch (error) {
        if (!isT4Error(error, "ERR_T4_SOURCE_CHANGED", "ERR_T4_NOT_FOUND")) throw error;
        expect(error.message).toMatch(/data\/f\d/);
        expect(error.hint).toBeDefined();
        refused++;
      }
    }
    if (isCampaign) console.log(`${accepted} accepted, ${refused} refused`);
    expect(accepted).toBeGreaterThan(0);
    if (isCampaign) expect(refused).toBeGreaterThan(0);
    expect(await (await openRegistry(registry)).fsck({ readData: true })).toEqual([]);
  }, 600_000);
});
