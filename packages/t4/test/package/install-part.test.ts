import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { directoryBase, type InstallReport, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("a part that is installed into a directory which has the package", () => {
  let dest: string;
  let registry: string;
  let first: string;

  const install = async (path: string, overwrite = false): Promise<InstallReport | undefined> => {
    let report: InstallReport | undefined;
    const onReport = (done: InstallReport): void => void (report = done);
    await Package.install("alice/w", { registry, dest, path, overwrite, onReport });
    return report;
  };
  const read = (path: string): string => readFileSync(join(dest, path), "utf8");

  beforeEach(async () => {
    const root = temporaryDirectory();
    registry = join(root, "registry");
    dest = join(root, "copy");
    const pkg = new Package();
    for (const key of ["a/one", "a/two", "b/one", "top"]) await pkg.setText(key, `${key} 1`);
    first = await pkg.push("alice/w", registry);
    await Package.install("alice/w", { registry, dest });
    for (const key of ["a/one", "b/one", "top"]) await pkg.setText(key, `${key} 2`);
    pkg.delete("a/two");
    await pkg.push("alice/w", registry);
  });

  it("goes where that has it, replaces what is unchanged, and leaves all else", async () => {
    expect(await install("a")).toMatchObject({ written: 1, removed: ["a/two"], kept: [], conflicts: [] });
    expect([read("a/one"), read("b/one"), read("top")]).toEqual(["a/one 2", "b/one 1", "top 1"]);
    expect([existsSync(join(dest, "one")), existsSync(join(dest, "a/two"))]).toEqual([false, false]);
    expect(await install("top")).toMatchObject({ written: 1 });
    expect(read("top")).toBe("top 2");
    expect((await directoryBase(dest))?.topHash).toBe(first);
  });

  it("keeps what was changed here, and looks at no conflict elsewhere", async () => {
    writeFileSync(join(dest, "top"), "mine");
    writeFileSync(join(dest, "a/one"), "mine");
    await Package.install("alice/w", { registry, dest, onReport: () => undefined });
    expect((await Package.openDirectory(dest))?.conflicts).toEqual(["a/one", "top"]);
    expect(await install("b")).toMatchObject({ kept: [], conflicts: [], removed: [] });
    expect(read("top")).toBe("mine");
    expect(await install("a")).toMatchObject({ conflicts: ["a/one"] });
    expect(await install("a", true)).toMatchObject({ written: 1 });
    expect((await Package.openDirectory(dest))?.conflicts).toEqual(["top"]);
  });

  it("elsewhere it is relative to the part, as ever", async () => {
    rmSync(dest, { recursive: true });
    await install("a");
    expect(read("one")).toBe("a/one 2");
    expect(await directoryBase(dest)).toBeUndefined();
  });
});
