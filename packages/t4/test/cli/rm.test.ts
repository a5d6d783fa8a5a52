import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { Terminal } from "./terminal.js";

describe("rm of a revision by its tag", () => {
  const terminal = new Terminal();

  it("says before what goes with it, and how the tag alone goes", async () => {
    const location = join(temporaryDirectory(), "registry");
    const pkg = await new Package().setText("a.txt", "1");
    const first = (await pkg.push("ot/x", location, { message: "First" })).slice(0, 12);
    const second = (await pkg.push("ot/x", location, { message: "Second" })).slice(0, 12);
    const registry = await openRegistry(location);
    for (const tag of ["v1", "v2"]) await registry.tag("ot/x", tag);
    const untag = `t4 tag ot/x v1 --delete --registry ${location}`;
    const facts = `latest will be ${first}. v1 goes with it. v2 goes with it. ${untag} takes away the tag alone.`;
    const words = ["rm", "ot/x:v1", "--registry", location];
    terminal.answer = false;
    expect(await terminal.run(...words)).toBe(2);
    expect(terminal.questions).toEqual([`${facts} Take out ${second} of ot/x?`]);
    expect(await registry.resolve("ot/x", "v1")).toMatch(second);
    expect(await terminal.run(...words, "--yes")).toBe(0);
    expect(terminal.err).toContain(`${facts}\nTook out ${second} of ot/x. latest is ${first} now.`);
    expect(await terminal.run("undo", "ot/x", "--registry", location)).toBe(0);
    expect(await terminal.run(...untag.split(" ").slice(1))).toBe(0);
    expect(await registry.resolve("ot/x")).toMatch(second);
    await expect(registry.resolve("ot/x", "v1")).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it("has a help that tells", async () => {
    await terminal.run("rm", "--help");
    expect(terminal.out).toContain(":<tag>");
    expect(terminal.out).toContain("takes away a tag alone");
  });
});
