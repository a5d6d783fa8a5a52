import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "testkit/runs.js";
import { beforeEach, describe, expect, it } from "vitest";
import { isT4Error, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { ended } from "./actors.js";

const FILES = 40;
const LIBRARY = new URL("../../dist/index.js", import.meta.url).href;

describe("processes that install into one directory", () => {
  let registry: string;
  let dest: string;
  let revisions: readonly Package[];

  beforeEach(async () => {
    const root = temporaryDirectory();
    [registry, dest] = [join(root, "registry"), join(root, "dest")];
    revisions = await Promise.all(["old", "new"].map(push));
  });

  const textOf = (which: string, i: number): string => `${which} file ${i} `.repeat(500);

  async function push(which: string): Promise<Package> {
    const pkg = new Package();
    for (let i = 0; i < FILES; i++) await pkg.setText(`d${i % 7}/f${i}.txt`, textOf(which, i));
    await pkg.push(`u/${which}`, registry);
    return pkg;
  }

  function install(which: string, options = {}): ChildProcess {
    const all = JSON.stringify({ registry, dest, ...options });
    const script = `import(${JSON.stringify(LIBRARY)}).then(({ Package }) => Package.install("u/${which}", ${all}))`;
    return spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  }

  it("leave only whole files under their names when one is killed, and the next goes on", async () => {
    const pkg = revisions[1] as Package;
    for (let delay = 60; delay < 240; delay += runs({ quick: 60, full: 5 })) {
      const child = install("new");
      setTimeout(() => child.kill("SIGKILL"), delay);
      await ended({ child });
      const report = await pkg.verify(dest).catch((error: unknown) => {
        if (isT4Error(error, "ERR_T4_NOT_FOUND")) return { modified: [], extra: [] };
        throw error;
      });
      expect(report).toMatchObject({ modified: [], extra: [] });
    }
    await Package.install("u/new", { registry, dest });
    expect(await pkg.verify(dest)).toMatchObject({ ok: true, checked: FILES });
    expect(readFileSync(join(dest, "d0/f0.txt"), "utf8")).toBe(textOf("new", 0));
  });

  it("leave each file whole and the directory usable, also when two do it at once and one is killed", async () => {
    for (let round = 0; round < runs({ quick: 2, full: 60 }); round++) {
      const children = ["old", "new"].map((which) => install(which, { overwrite: true }));
      if (round % 2 === 1) setTimeout(() => children[round % 4 === 1 ? 0 : 1]?.kill("SIGKILL"), 60 + 5 * round);
      await Promise.all(children.map((child) => ended({ child })));
      for (let i = 0; i < FILES; i++) {
        const text = readFileSync(join(dest, `d${i % 7}/f${i}.txt`), "utf8");
        expect([textOf("old", i), textOf("new", i)], `file ${i}`).toContain(text);
      }
      // The directory still knows what it is, whoever was last.
      const [which, pkg] = round % 2 === 0 ? ["old", revisions[0]] : ["new", revisions[1]];
      await Package.install(`u/${which}`, { registry, dest, overwrite: true });
      expect(await pkg?.verify(dest)).toMatchObject({ ok: true, checked: FILES });
    }
  }, 180_000);
});
