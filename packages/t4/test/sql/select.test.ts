import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("entry.select", () => {
  let root: string;

  beforeEach(() => {
    root = temporaryDirectory();
    return enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
  });

  it("asks a file of a revision, one that is set, and one in memory", async () => {
    writeFileSync(join(root, "local.csv"), "x\n3\n");
    const pkg = await new Package().setText("memory.csv", "x\n2\n");
    await pkg.set("local.csv", join(root, "local.csv"));
    await pkg.push("alice/a", join(root, "registry"));
    const revision = await Package.browse("alice/a", { registry: join(root, "registry") });
    for (const [from, key, x] of [
      [pkg, "memory.csv", 2n],
      [pkg, "local.csv", 3n],
      [revision, "memory.csv", 2n],
    ] as const) {
      const result = await from.entry(key).select("select x from entry where x > $1", { parameters: [1] });
      expect(await result.toArray()).toEqual([{ x }]);
    }
  });

  it("has no other table", async () => {
    const pkg = await new Package().setText("a.csv", "x\n1\n");
    const entry = pkg.entry("a.csv");
    for (const other of ["t4.packages", "alice_a", "'alice/a/a.csv'", "read_csv('/etc/passwd')"])
      await expect(entry.select(`from ${other}`)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_T4_(USAGE|UNSAFE)$/),
      });
  });

  it("refuses options that it does not have", async () => {
    const pkg = await new Package().setText("a.csv", "x\n1\n");
    const options = { registry: root } as object;
    await expect(pkg.entry("a.csv").select("from entry", options)).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
  });
});
