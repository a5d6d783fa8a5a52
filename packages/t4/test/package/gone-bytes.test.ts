import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const NAME = "u/p";

describe("a registry in which an object is gone", () => {
  let root: string;
  let data: string;

  beforeEach(async () => {
    const directory = temporaryDirectory();
    [root, data] = [join(directory, "registry"), join(directory, "data")];
    mkdirSync(data);
    for (const name of ["a.csv", "b.csv"]) writeFileSync(join(data, name), `${name}\n`);
    const pkg = await new Package().setDir("", data);
    await pkg.push(NAME, root, { message: "first" });
    await pkg.remember(data);
    const objects = join(root, ".quilt/t4/objects");
    const files = readdirSync(objects, { recursive: true, encoding: "utf8", withFileTypes: true });
    const paths = files.filter((found) => found.isFile()).map((found) => join(found.parentPath, found.name));
    rmSync(paths.find((path) => readFileSync(path, "utf8") === "a.csv\n") ?? "");
  });

  const findings = async () => (await openRegistry(root)).fsck({ readData: true });

  it.each([undefined, "all"] as const)("gets it again from a directory that has the file (copy: %s)", async (copy) => {
    const current = (await Package.openDirectory(data))?.current;
    await current?.push(NAME, root, { message: "again", ...(copy && { copy }) });
    expect(await findings()).toEqual([]);
  });

  it("gets it again from a directory that remembers nothing", async () => {
    const pkg = await new Package().setDir("", data);
    await pkg.push(NAME, root, { message: "again" });
    expect(await findings()).toEqual([]);
  });

  it("takes no revision that needs it from a package that has it nowhere else", async () => {
    const pkg = await Package.browse(NAME, { registry: root });
    pkg.setMeta({ title: "new" });
    const push = pkg.push(NAME, root, { message: "new title" });
    await expect(push).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY", facts: { logicalKey: "a.csv" } });
    pkg.delete("a.csv");
    await pkg.push(NAME, root, { message: "without it" });
  });
});
