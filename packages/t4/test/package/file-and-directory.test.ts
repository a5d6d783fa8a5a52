import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type InstallReport, Package } from "#t4/index.js";
import {
  type Content,
  copy,
  type Files,
  install,
  open,
  publish,
  published,
  push,
  read,
  useTwoSides,
  write,
} from "./two-sides.js";

useTwoSides();

describe("a file that became a directory, or the reverse", () => {
  const STATES = [{}, { a: "1" }, { a: "22" }, { "a/b": "1" }, { "a/b": "22" }] as const;
  type State = (typeof STATES)[number];
  const cases = STATES.flatMap((base) => STATES.flatMap((mine) => STATES.map((theirs) => ({ base, mine, theirs }))));
  const filesOf = (side: "base" | "mine" | "theirs"): Files => new Map(cases.flatMap((one, i) => both(one[side], i)));
  const both = (state: State, i: number): [string, Content][] =>
    ["a", "a/b"].map((key) => [`${i}/${key}`, (state as Record<string, Content>)[key]]);
  const stateAt = (files: Files, i: number): State =>
    Object.fromEntries(
      ["a", "a/b"].map((key) => [key, files.get(`${i}/${key}`)]).filter(([, text]) => text !== undefined),
    ) as State;
  const keys = [...filesOf("base").keys()];

  async function meet(): Promise<InstallReport> {
    await publish(filesOf("base"));
    await install();
    write(filesOf("mine"));
    await publish(filesOf("theirs"));
    return install();
  }

  it("is installed over the older revision where nothing was changed here; else what is here stays", async () => {
    const report = await meet();
    const now = read(keys);
    const { conflicts } = await open();
    for (const [i, sides] of cases.entries()) {
      const of = (side: "base" | "mine" | "theirs", key: string): Content =>
        both(sides[side], 0).find(([at]) => at === `0/${key}`)?.[1];
      const [file, inner] = ["a", "a/b"].map((key) => {
        const [b, m, t] = [of("base", key), of("mine", key), of("theirs", key)];
        return { clashes: m !== b && t !== b && m !== t, merged: m === b ? t : m };
      }) as [{ clashes: boolean; merged: Content }, { clashes: boolean; merged: Content }];
      const isConflict = file.clashes || inner.clashes || (file.merged !== undefined && inner.merged !== undefined);
      const merged = stateAt(
        new Map([
          [`${i}/a`, file.merged],
          [`${i}/a/b`, inner.merged],
        ]),
        i,
      );
      const found = { now: stateAt(now, i), isConflict: conflicts.some((key) => key.startsWith(`${i}/`)) };
      expect({ ...sides, ...found }).toEqual({ ...sides, now: isConflict ? sides.mine : merged, isConflict });
    }
    expect([...report.conflicts].sort()).toEqual([...conflicts].sort());
  });

  it("is finished by the next install when one died after it had removed what stood in the way", async () => {
    await publish(
      new Map([
        ["a", "1"],
        ["b/c", "1"],
      ]),
    );
    await install();
    await publish(
      new Map([
        ["a/x", "1"],
        ["b", "1"],
      ]),
    );
    rmSync(join(copy, "a"));
    rmSync(join(copy, "b/c"));
    expect(await install()).toMatchObject({ written: 2, kept: [] });
    expect(read(["a/x", "b"])).toEqual(
      new Map([
        ["a/x", "1"],
        ["b", "1"],
      ]),
    );
  });

  it("is told in a dry run as it would be, and nothing is touched", async () => {
    await publish(
      new Map([
        ["a", "1"],
        ["b/c", "1"],
      ]),
    );
    await install();
    await publish(
      new Map([
        ["a/x", "1"],
        ["b", "1"],
      ]),
    );
    expect(await install({ dryRun: true })).toEqual({
      directory: copy,
      written: 2,
      already: 0,
      kept: [],
      conflicts: [],
      removed: ["a", "b/c"],
    });
    expect(read(["a", "b/c"])).toEqual(
      new Map([
        ["a", "1"],
        ["b/c", "1"],
      ]),
    );
  });

  it("keeps files that the package never had, and goes on when they are moved away", async () => {
    await publish(
      new Map([
        ["a", "1"],
        ["b/c", "1"],
      ]),
    );
    await install();
    write(
      new Map([
        ["b/own", "22"],
        ["new", "22"],
      ]),
    );
    await publish(
      new Map([
        ["a", "1"],
        ["b", "1"],
        ["new/x", "1"],
      ]),
    );
    expect(await install()).toMatchObject({ kept: ["b", "new/x"], conflicts: ["b", "new/x"], removed: ["b/c"] });
    await expect(push()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    await expect(install({ overwrite: true })).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      hint: "Move it away first.",
    });
    expect(read(["b/own", "new"])).toEqual(
      new Map([
        ["b/own", "22"],
        ["new", "22"],
      ]),
    );
    rmSync(join(copy, "b"), { recursive: true });
    rmSync(join(copy, "new"));
    expect(await install()).toMatchObject({ written: 2, conflicts: [] });
    expect(existsSync(join(copy, "new/x"))).toBe(true);
    expect((await open()).conflicts).toEqual([]);
  });

  it("is settled as mine and pushed so", async () => {
    await meet();
    const { conflicts } = await open();
    const before = read(keys);
    await Package.resolve(copy, { keys: [""], take: "mine" });
    await push();
    expect(await published(keys)).toEqual(before);
    expect(conflicts.length).toBeGreaterThan(10);
  });
});
