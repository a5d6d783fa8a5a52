import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("commands that change the history say what became of it", () => {
  let scratch: Scratch;
  let first: string;
  let second: string;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    first = (await scratch.publish("data", "registry", "First")).slice(0, 12);
    scratch.write("data/a.txt", "bb");
    second = (await scratch.publish("data", "registry", "Second")).slice(0, 12);
  });

  it("tag: where it stood before, and how it comes back", () => {
    const tag = (...args: string[]): string => scratch.t4(["tag", ...args], "data").err;
    expect(tag("v1", "--dry-run")).toBe(`v1: ${second}.\nNothing was changed.\n`);
    expect(tag("v1")).toBe(`v1: ${second}.\nt4 undo alice/weather takes this back.\n`);
    expect(tag("v1")).toBe("v1 stood there already.\n");
    const moved = tag("@latest~1", "v1");
    expect(moved).toContain(`v1: moved from ${second} to ${first}.\n`);
    const undo = /^(t4 undo .*) takes this back/m.exec(moved)?.[1] ?? "";
    expect(scratch.shell(undo, "data")).toMatchObject({ code: 0 });
    expect(scratch.ok(["show", ":v1"], "data")).toContain(second);
    expect(tag("-d", "v1")).toContain(`v1: taken from ${second}.\n`);
  });

  it("rollback: nothing to take back where latest stood there already", () => {
    const rollback = (...args: string[]): string => scratch.t4(["rollback", ...args], "data").err;
    for (const words of [["@latest"], ["@latest", "--dry-run"]])
      expect(rollback(...words)).toBe("latest stood there already.\n");
    expect(rollback("@latest~1", "--dry-run")).toBe("Would become the latest revision.\n");
    expect(rollback("@latest~1")).toBe("Latest now. t4 undo alice/weather takes this back.\n");
    expect(scratch.ok(["log"], "data").trim().split("\n")).toHaveLength(2);
  });

  it("rm and undo, with times in the place of numbers", () => {
    const dry = scratch.t4(["rm", "@latest~1", "--dry-run"], "data").err;
    expect(dry).toMatch(/^the revision of \d{4}-\d\d-\d\d \d\d:\d\d UTC: [0-9a-f]{12} -> nothing$/m);
    expect(scratch.t4(["rm", "@latest~1", "--yes"], "data").err).toContain(`Took out ${first} of alice/weather.`);
    expect(scratch.t4(["undo"], "data").err).toMatch(/^the revision of .* UTC is [0-9a-f]{12} again\.$/m);
  });

  it("rm: which tags go with a revision, and what is the latest now", () => {
    scratch.ok(["tag", "@latest", "v1"], "data");
    const { err } = scratch.t4(["rm", "@latest", "--yes"], "data");
    expect(err).toMatch(new RegExp(`^latest will be ${first}\\. v1 goes with it\\.$`, "m"));
    expect(err).toContain(`Took out ${second} of alice/weather. latest is ${first} now. v1 is gone with it. t4 undo`);
  });

  it.each(["log", "undo"])("%s takes a package, and says so of a revision", (verb) => {
    for (const text of ["@latest~1", "alice/weather@latest~1"]) {
      const { code, err } = scratch.t4([verb, text], "data");
      expect(code).toBe(2);
      expect(err).toContain("t4 show alice/weather@latest~1 shows that revision");
    }
  });

  it("log: a message in one line", async () => {
    scratch.ok(["push", "-m", "Third\n\nwith reasons"], "data");
    expect(scratch.ok(["log"], "data")).toMatch(/Third …\n.*Second\n/);
    expect(scratch.ok(["log", "--json"], "data")).toContain("with reasons");
  });

  it("gc: what stays for an undo, and until when", () => {
    expect(scratch.t4(["gc"], "data").err).toBe("Nothing is to be removed.\n");
    expect(scratch.t4(["fsck"], "data").err).toMatch(/^Nothing is wrong\.$/m);
    scratch.ok(["rm", "@latest~1", "--yes"], "data");
    for (const args of [["gc"], ["gc", "--yes"]]) {
      const { err } = scratch.t4(args, "data");
      expect(err).toMatch(
        /^1 revision with \d+ B of their own stay for t4 undo, the last until \d{4}-\d\d-\d\d; --forget-undo/m,
      );
    }
    expect(JSON.parse(scratch.ok(["gc", "--json"], "data"))).toMatchObject({ keptForUndo: { revisions: 1 } });
    scratch.ok(["undo"], "data");
    expect(JSON.parse(scratch.ok(["gc", "--json"], "data"))).toMatchObject({ keptForUndo: { revisions: 0, bytes: 0 } });
  });

  it("gc: takes no days from an empty or malformed --grace, such as that of an unset variable", () => {
    const digits = "ab".repeat(32);
    const object = `registry/.quilt/t4/objects/ab/${digits}`;
    scratch.write(object, "of a push that goes on");
    for (const days of ["", " ", "-1", "1d", "0x0", "Infinity"]) {
      const result = scratch.t4(["gc", "registry", `--grace=${days}`, "--yes"]);
      expect(result).toMatchObject({ code: 2, out: "", err: expect.stringContaining("at least 0, such as 7 or 0.5") });
    }
    expect(scratch.t4(["gc", "registry", "--grace", "1", "--yes"])).toMatchObject({ code: 0, out: "" });
    const short = ["gc", "registry", "--grace", "0.5", "--yes"];
    expect(scratch.t4(short)).toMatchObject({ code: 2, out: "" });
    expect(scratch.t4([...short, "--nobody-pushes"])).toMatchObject({ code: 0, out: "" });
    expect(scratch.t4(["gc", "registry", "--grace", "0", "-v"]).out).toContain(digits);
  });

  it("gc: names what it removes only when asked, and goes on with the options that were given", () => {
    const object = `.quilt/t4/objects/cd/${"cd".repeat(32)}`;
    scratch.write(`registry/${object}`, "of a push that died");
    const plain = scratch.t4(["gc", "registry", "--grace", "0", "--nobody-pushes"]);
    expect(plain).toMatchObject({ code: 0, out: "" });
    expect(plain.err).toContain("Next: t4 gc registry --grace 0 --nobody-pushes --yes\n");
    expect(scratch.t4(["gc", "registry", "--grace", "0", "-v"])).toMatchObject({ out: `${object}\n` });
    const next = /^Next: (.*)$/m.exec(plain.err)?.[1] ?? "";
    expect(scratch.shell(next)).toMatchObject({
      code: 0,
      err: expect.stringContaining("Removed 0 manifests and 1 object"),
    });
  });

  it("gc: gives up what stays for an undo, when told to", () => {
    scratch.ok(["rm", "@latest~1", "--yes"], "data");
    const gc = ["gc", "registry", "--grace", "0", "--nobody-pushes", "--forget-undo"];
    const planned = scratch.t4(gc).err;
    expect(planned).toMatch(
      /^Would remove 1 manifest and \d+ objects, .*\nNo operation older than 0 days can be undone then\.$/m,
    );
    expect(scratch.t4(["undo", "--dry-run"], "data").code).toBe(0);
    expect(planned).toContain(`Next: ${["t4", ...gc].join(" ")} --yes\n`);
    expect(scratch.t4([...gc, "--yes"]).err).toContain("Removed 1 manifest");
    expect(scratch.t4(["undo"], "data")).toMatchObject({ code: 4, err: expect.stringContaining("nothing to undo") });
    expect(scratch.t4(["fsck", "registry", "--read-data"]).code).toBe(0);
    expect(scratch.t4(["gc", "registry", "--grace", "0"]).err).toBe("Nothing is to be removed.\n");
  });
});
