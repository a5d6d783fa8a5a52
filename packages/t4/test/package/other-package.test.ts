import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type InstallOptions, Package } from "#t4/index.js";
import { copy, install, NAME, open, publish, read, registry, useTwoSides, write } from "./two-sides.js";

useTwoSides();

describe("a directory that has another package", () => {
  const KEYS = ["a", "gone", "mine", "new"];

  async function other(options: InstallOptions): Promise<void> {
    await Package.install("u/other", { registry, dest: copy, ...options });
  }

  beforeEach(async () => {
    await publish(
      new Map([
        ["a", "1"],
        ["gone", "1"],
      ]),
    );
    await install();
    write(new Map([["mine", "33"]]));
    await (await (await new Package().setText("a", "22")).setText("new", "22")).push("u/other", registry);
  });

  it.each([false, true])("is refused, and stays as it is: dry run %s", async (dryRun) => {
    await expect(other({ dryRun })).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      message: `${copy} has the package ${NAME}, not u/other.`,
    });
    expect((await open()).name).toBe(NAME);
    expect([...read(KEYS).values()]).toEqual(["1", "1", "33", undefined]);
  });

  it("is of the new one alone with overwrite; files that were of neither stay", async () => {
    rmSync(join(copy, "a"));
    await other({ overwrite: true });
    expect((await open()).name).toBe("u/other");
    expect([...read(KEYS).values()]).toEqual(["22", undefined, "33", "22"]);
  });

  it("takes a part of any package, which it does not remember", async () => {
    await other({ path: "new" });
    expect((await open()).name).toBe(NAME);
    expect([...read(KEYS).values()]).toEqual(["1", "1", "33", "22"]);
  });
});
