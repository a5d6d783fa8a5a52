import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { Scratch } from "./scratch.js";

/** Commands in a directory that remembers its package. */
describe("in a directory that was installed, without naming its package", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/2024/jan.csv", "a,b\n");
    scratch.write("data/readme.md", "notes\n");
    await scratch.publish("data", "my registry", "First");
    await Package.install("alice/weather", { registry: scratch.path("my registry"), dest: scratch.path("copy") });
    scratch.write("data/readme.md", "news\n");
    await scratch.publish("data", "my registry", "Second");
  });

  it("log shows the history", () => {
    expect(scratch.ok(["log"], "copy")).toMatch(/Second\n.*First\n$/);
    expect(scratch.ok(["log", "alice/weather"], "copy")).toBe(scratch.ok(["log"], "copy"));
  });

  it("ls, show and cat show the revision that it stands on", () => {
    expect(scratch.ok(["ls"], "copy")).toContain("readme.md");
    expect(scratch.ok(["ls", "2024"], "copy")).toContain("jan.csv");
    expect(scratch.ok(["ls", "."], "copy")).toBe(scratch.ok(["ls"], "copy"));
    expect(scratch.ok(["show"], "copy")).toContain("First");
    expect(scratch.ok(["show", "@latest"], "copy")).toContain("Second");
    expect(scratch.ok(["cat", "readme.md"], "copy")).toBe("notes\n");
    expect(scratch.ok(["cat", "2024/jan.csv"], "copy")).toBe("a,b\n");
    expect(scratch.ok(["cat", "./2024/jan.csv"], "copy")).toBe("a,b\n");
    expect(scratch.ok(["cat", "@latest/readme.md"], "copy")).toBe("news\n");
  });

  it("verify and diff take it by its name, and ask the registry that it remembers", () => {
    expect(scratch.t4(["verify", "copy", "alice/weather@latest~1"])).toMatchObject({ code: 0 });
    expect(scratch.t4(["verify", "copy", "@latest~1"])).toMatchObject({ code: 0 });
    expect(scratch.t4(["verify", "copy", "@latest"]).code).toBe(6);
    scratch.write("copy/readme.md", "mine\n");
    scratch.write("copy/2024/jan.csv", "c\n");
    expect(scratch.ok(["diff", "copy"])).toBe("~ copy/2024/jan.csv  4 B -> 2 B\n~ copy/readme.md     6 B -> 5 B\n");
    expect(scratch.ok(["diff", "copy", "copy/readme.md"])).toContain("-notes\n+mine\n");
    expect(scratch.ok(["diff", "@latest", "copy", "copy/readme.md"])).toContain("-news\n+mine\n");
    expect(scratch.t4(["diff", "2024"], "copy")).toMatchObject({ code: 0 });
  });

  it("tag names the revision that it stands on, and undo takes that back", () => {
    scratch.ok(["tag", "v1"], "copy");
    expect(scratch.ok(["show", ":v1"], "copy")).toContain("First");
    expect(scratch.ok(["diff", ":v1", "@latest"], "copy")).toContain("readme.md");
    expect(scratch.t4(["undo"], "copy").err).toContain("Undid: tag of alice/weather.\nv1 is gone.\n");
    expect(scratch.t4(["show", ":v1"], "copy").code).toBe(4);
  });

  it("rollback takes a revision alone", () => {
    scratch.ok(["rollback", "@latest~1"], "copy");
    expect(scratch.ok(["show", "@latest"], "copy")).toContain("First");
    const undone = scratch.t4(["undo"], "copy").err;
    expect(undone).toMatch(/^Undid: rollback of alice\/weather\.\nlatest is [0-9a-f]{12} again\.\n/);
    expect(scratch.ok(["show", "@latest"], "copy")).toContain("Second");
  });

  it("another registry and another package can still be named", () => {
    scratch.ok(["copy", "alice/weather", "my registry", "second"]);
    expect(scratch.ok(["log", "--registry", "../second"], "copy").trim().split("\n")).toHaveLength(1);
    expect(scratch.ok(["cat", "readme.md", "--registry", "../second"], "copy")).toBe("news\n");
    expect(scratch.t4(["log", "alice/other"], "copy").code).toBe(4);
  });

  it("a name that is none is refused where no path is taken", () => {
    expect(scratch.t4(["log", "weather"], "copy")).toMatchObject({ code: 2 });
    expect(scratch.t4(["log", "alice/weather/readme.md"], "copy")).toMatchObject({ code: 2 });
  });

  it("and elsewhere commands say what is missing", () => {
    for (const argv of [["log"], ["ls"], ["show"], ["undo"], ["tag", "v1"], ["cat", "x.txt"]]) {
      const result = scratch.t4(argv);
      expect(result).toMatchObject({ code: 2, out: "" });
      expect(result.err).toContain("neither installed nor pushed");
    }
  });
});

describe("a registry that is not there", () => {
  it.each([
    ["list", "typo"],
    ["list", "--registry", "typo"],
    ["log", "a/b", "--registry", "typo"],
    ["show", "a/b", "--registry", "typo"],
    ["install", "a/b", "--registry", "typo", "--dest", "x"],
    ["tag", "a/b", "v1", "--registry", "typo"],
    ["undo", "a/b", "--registry", "typo"],
    ["rm", "a/b", "--registry", "typo", "--yes"],
    ["fsck", "typo"],
    ["gc", "typo"],
  ])("is an error and not empty: %s %s", (...argv) => {
    const scratch = new Scratch();
    const result = scratch.t4(argv);
    expect(result).toMatchObject({ code: 4, out: "" });
    expect(result.err).toContain(scratch.path("typo"));
    expect(scratch.shell("ls").out).toBe("home\n");
  });

  it("an empty folder and the user's own registry are empty, and said to be", () => {
    const scratch = new Scratch();
    scratch.shell("mkdir empty");
    for (const argv of [["list", "empty"], ["list"]]) {
      const result = scratch.t4(argv);
      expect(result).toMatchObject({ code: 0, out: "" });
      expect(result.err).toMatch(/^There is no registry in \/.* yet; the first push makes one\.\n$/);
    }
    scratch.shell("mkdir -p empty/.quilt");
    expect(scratch.t4(["list", "empty"]).err).toContain("There are no packages in /");
  });

  it("an empty folder is no registry that is well, as a disk may not be mounted there; the first push makes it one", () => {
    const scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    scratch.shell("mkdir empty");
    for (const argv of [
      ["fsck", "empty"],
      ["fsck", "empty", "--repair"],
      ["gc", "empty"],
    ]) {
      const result = scratch.t4(argv);
      expect(result).toMatchObject({ code: 4, out: "" });
      expect(result.err).toContain(`${scratch.path("empty")}: the folder has no .quilt.`);
      expect(scratch.shell("ls -A empty").out).toBe("");
    }
    // The user's own is made when it is first needed.
    for (const verb of ["fsck", "gc"]) expect(scratch.t4([verb]).code).toBe(0);
    scratch.ok(["push", "alice/a", "data", "empty"]);
    for (const verb of ["fsck", "gc"]) expect(scratch.t4([verb, "empty"]).code).toBe(0);
  });
});

describe("what was meant is suggested", () => {
  it.each([
    [["show", "alice/wether", "--registry", "registry"], "Did you mean alice/weather?"],
    [["show", "alice/weather:stabel", "--registry", "registry"], "Did you mean alice/weather:stable?"],
    [["show", "alice/weather@lastest", "--registry", "registry"], "Did you mean alice/weather:latest?"],
    [["cat", "alice/weather/2024/jam.csv", "--registry", "registry"], "Did you mean 2024/jan.csv?"],
    [["ls", "alice/weather/2042", "--registry", "registry"], "Did you mean 2024?"],
    [["tag", "-d", "alice/weather", "stabl", "--registry", "registry"], "Did you mean alice/weather:stable?"],
    [["log", "alice/weather", "--registri", "registry"], "--registry"],
    [["loog"], "Did you mean t4 log?"],
    [["help", "instal"], "Did you mean t4 install?"],
    [["config", "get", "default_remote_regitry"], "Did you mean default_remote_registry?"],
    [["config", "unste", "default_remote_registry"], "Did you mean unset?"],
    [["completion", "bsh"], "Did you mean bash?"],
    [["workflow", "innit"], "Did you mean init?"],
  ])("%j", async (argv, text) => {
    const scratch = new Scratch();
    scratch.write("data/2024/jan.csv", "a,b\n");
    await scratch.publish("data", "registry", "First");
    await (await openRegistry(scratch.path("registry"))).tag("alice/weather", "stable");
    const result = scratch.t4(argv);
    expect(result.err).toContain(text);
    expect([2, 4]).toContain(result.code);
  });

  it("another registry, where none was named and one's own has not the package", () => {
    expect(new Scratch().t4(["show", "bob/x"]).err).toContain("This is your own registry; --registry");
  });

  it("nothing that is far away", async () => {
    const scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    await scratch.publish("data", "registry", "First");
    expect(scratch.t4(["show", "bob/x", "--registry", "registry"]).err).not.toContain("Did you mean");
  });
});

describe("push refuses words in another order, with the line that was meant", () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("data/a.txt", "a");
  });

  it.each([
    ["push ./data alice/a registry", "t4 push alice/a ./data registry"],
    ["push alice/a data bob/registry", "t4 push alice/a data ./bob/registry"],
  ])("t4 %s", (line, meant) => {
    const result = scratch.shell(`t4 ${line}`);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain(meant);
    expect(scratch.shell(meant)).toMatchObject({ code: 0 });
  });

  it.each([
    ["push alice/a missing registry", 4, "There is no directory missing"],
    ["push ./data", 2, "is a directory"],
    ["push weather data registry", 2, "<author>/<package>"],
    ["push alice/a data/a.txt registry", 4, "data/a.txt is a file, not a directory"],
  ])("t4 %s", (line, code, text) => {
    const result = scratch.shell(`t4 ${line}`);
    expect(result).toMatchObject({ code, out: "" });
    expect(result.err).toContain(text);
    expect(scratch.shell("ls").out).toBe("data\nhome\n");
  });

  it("a registry where the directory should be", () => {
    scratch.ok(["push", "alice/a", "data", "registry"]);
    const result = scratch.t4(["push", "alice/a", "registry"]);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain("t4 push alice/a . registry");
  });

  it("and says what it publishes from where to where", () => {
    const { err, code } = scratch.t4(["push", "alice/a"], "data");
    expect(code).toBe(0);
    expect(err).toContain(`${scratch.path("data")} as alice/a to ${scratch.path("home")}`);
  });
});

describe("push without changes", () => {
  it("says so, and --dedupe publishes nothing", () => {
    const scratch = new Scratch();
    scratch.write("data/a.txt", "a");
    const topHash = scratch.ok(["push", "alice/a", "data", "registry", "-m", "x"]);
    const again = scratch.t4(["push", "-m", "x"], "data");
    expect(again.out).toBe(topHash);
    expect(again.err).toContain("Nothing changed");
    expect(again.err).toContain("--dedupe");
    expect(scratch.t4(["push", "-m", "x", "--dedupe"], "data").err).toContain("nothing was published");
    expect(scratch.ok(["log"], "data").trim().split("\n")).toHaveLength(2);
    expect(scratch.t4(["push", "-m", "y"], "data").err).toContain("nothing but the message changed");
  });
});

describe("options", () => {
  it.each(["x", "NaN", "-1", "0", "1.5", ""])("refuse %j for a count", (limit) => {
    const scratch = new Scratch();
    const result = scratch.t4(["log", "a/b", "--limit", limit]);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain("whole number");
  });

  it("-v, -V and --version are one", () => {
    const scratch = new Scratch();
    const version = scratch.ok(["--version"]);
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect([scratch.ok(["-v"]), scratch.ok(["-V"])]).toEqual([version, version]);
  });

  it("help of a verb is that of its option", () => {
    const scratch = new Scratch();
    expect(scratch.ok(["help", "push"])).toBe(scratch.ok(["push", "--help"]));
    expect(scratch.t4(["help", "nothing"]).code).toBe(2);
  });
});
