import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("a hint's commands", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "one");
    await scratch.publish("data", "the registry", "First");
  });

  const hint = (...argv: readonly string[]): string => /hint: (.*)\n/.exec(scratch.t4(argv).err)?.[1] ?? "";

  it("look in the registry that was named, and can be pasted", () => {
    const told = hint("show", "alice/weather@latest~99", "--registry", "the registry");
    expect(told).toBe("t4 log --registry 'the registry' alice/weather shows its revisions.");
    expect(scratch.shell(told.replace(/ shows.*/, "")).out).toContain("First");
  });

  it("give it to a command as that takes it, also of damaged data", () => {
    scratch.shell('f=$(find "the registry/.quilt/t4/objects" -type f) && chmod u+w "$f" && printf two > "$f"');
    const told = [
      hint("cat", "alice/weather/a.txt", "--registry", "the registry"),
      hint("install", "alice/weather", "--registry", "the registry", "--dest", "copy"),
    ];
    for (const each of told) expect(each).toContain("t4 fsck 'the registry' --read-data ");
  });

  it("name a registry once, and only where one was named", () => {
    expect(/hint: (.*)\n/.exec(scratch.t4(["show", "@latest~99"], "data").err)?.[1]).toMatch(/^t4 log alice/);
    expect(hint("fsck", "nowhere")).not.toContain("t4 ");
    scratch.ok(["rm", "alice/weather", "--registry", "the registry", "--yes"]);
    const told = hint("show", "alice/weather", "--registry", "the registry");
    expect(told.match(/--registry/g)).toHaveLength(1);
  });
});
