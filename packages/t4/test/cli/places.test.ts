import { expect, it } from "vitest";
import { Scratch } from "./scratch.js";

it("local registries are shown as paths, wherever a person reads", async () => {
  const scratch = new Scratch();
  scratch.write("data/readme.md", "notes\n");
  await scratch.publish("data", "my registry", "First");
  for (const line of [
    "push -m Again --dry-run",
    "status",
    "show",
    "show readme.md",
    "log bob/none",
    "show @none",
    "tag v1",
    "rollback @latest",
    "undo",
    "rm alice/weather --yes",
    "list",
    "undo",
    "workflow init",
    "workflow init",
  ]) {
    const { out, err } = scratch.shell(`t4 ${line}`, "data");
    expect(`${out}${err}`, line).not.toMatch(/file:|%20/);
    expect(`${out}${err}`, line).not.toBe("");
  }
  scratch.shell("rm -rf 'my registry'/.quilt/t4/objects");
  const fsck = scratch.t4(["fsck"], "data");
  expect(fsck).toMatchObject({ code: 6, out: expect.stringContaining(`at ${scratch.path("my registry")}/`) });
  expect(`${fsck.out}${fsck.err}`).not.toMatch(/file:|%20/);
  expect(JSON.parse(scratch.ok(["show", "--json", "alice/weather", "--registry", "my registry"]))).toBeTruthy();
});
