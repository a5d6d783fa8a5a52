import { appendFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const CHANGED = { code: "ERR_T4_SOURCE_CHANGED" };
/** Longer than what is read at once. */
const LARGE = 5 << 20;

let root: string;

beforeEach(() => {
  root = realpathSync(temporaryDirectory());
});

describe("a file that was set and is read before the package is built", () => {
  let file: string;
  const set = async (size: number): Promise<Package> => {
    writeFileSync(file, Buffer.alloc(size, "a"));
    return new Package().set("a.csv", file);
  };

  beforeEach(() => {
    file = join(root, "a.csv");
  });

  it("is refused when it was changed since", async () => {
    const entry = (await set(10)).entry("a.csv");
    expect(await entry.text()).toBe("a".repeat(10));
    appendFileSync(file, "b");
    await expect(entry.text()).rejects.toMatchObject(CHANGED);
    await expect(entry.text({ verify: false })).rejects.toMatchObject(CHANGED);
  });

  it("is refused when it is changed while it is read", async () => {
    const entry = (await set(LARGE)).entry("a.csv");
    const read = async (): Promise<void> => {
      for await (const _ of entry.stream()) appendFileSync(file, "b");
    };
    await expect(read()).rejects.toMatchObject(CHANGED);
  });
});
