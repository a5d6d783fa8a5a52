import fs, {
  appendFileSync,
  closeSync,
  openSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readSource } from "#t4/transfer/read-source.js";
import { temporaryDirectory } from "../temporary.js";

/** Hashed on its way, not before: a caller gets the word between the first look and the first byte. */
const LARGE = 300_000;
/** The clock of a slow file system stands still for so long. It comes on top of the tick of the clock that is really here. */
const TICK_MS = 10;
const ROUNDS = 10;

/** The clock of a slow file system, for the rest of the test. */
function slowClock(): void {
  const { fstatSync } = fs;
  const ticked = (ms: number): number => Math.floor(ms / TICK_MS) * TICK_MS;
  vi.spyOn(fs, "fstatSync").mockImplementation((file) => {
    const stat = fstatSync(file);
    return Object.assign(stat, { mtimeMs: ticked(stat.mtimeMs), ctimeMs: ticked(stat.ctimeMs) });
  });
  syncBuiltinESMExports();
}

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe("a file that changes while it is read", () => {
  let path: string;

  beforeEach(() => {
    path = join(temporaryDirectory(), "source");
    writeFileSync(path, Buffer.alloc(LARGE, "a"));
  });

  const readWhile = (change: () => void): unknown =>
    readSource({ path }, ["SHA256"], {
      open() {
        change();
        return undefined;
      },
      end: () => undefined,
      drop: () => undefined,
    });

  const rewrite = (): void => {
    const file = openSync(path, "r+");
    writeSync(file, "b", 1000);
    closeSync(file);
  };

  const changes: readonly [string, () => void][] = [
    ["grows", () => appendFileSync(path, "more")],
    ["shrinks", () => truncateSync(path, 1000)],
    ["is rewritten in place", rewrite],
    [
      "is rewritten in place and gets its old time back",
      () => {
        const { atime, mtime } = statSync(path);
        rewrite();
        utimesSync(path, atime, mtime);
      },
    ],
  ];

  it.each(changes)("is refused by name when it %s", async (_, change) => {
    await setTimeout(2 * TICK_MS);
    expect(() => readWhile(change)).toThrow(
      expect.objectContaining({
        code: "ERR_T4_SOURCE_CHANGED",
        message: expect.stringContaining(`${path} changed while it was read`) as string,
      }),
    );
  });

  it.each(changes)("is refused also when it %s in the same tick of a slow clock in which it was made", (_, change) => {
    slowClock();
    for (let round = 0; round < ROUNDS; round++) {
      writeFileSync(path, Buffer.alloc(LARGE, "a"));
      expect(() => readWhile(change)).toThrow(/changed while it was read/);
    }
  });
});
