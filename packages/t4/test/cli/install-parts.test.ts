import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("t4 install of parts", () => {
  let scratch: Scratch;
  const install = (...more: readonly string[]) =>
    scratch.t4(["install", "alice/weather", "--registry", "registry", "--dest", "copy", ...more]);
  const files = (): string => scratch.shell("cd copy && find . -name .t4 -prune -o -type f -print | sort").out;

  beforeEach(async () => {
    scratch = new Scratch();
    for (const name of ["2023/a.csv", "2024/b.csv", "readme.md"]) scratch.write(`data/${name}`, name);
    await scratch.publish("data", "registry", "First");
  });

  it("takes every --path that is given, in a directory that has the package", () => {
    install();
    scratch.shell("rm -r copy/*");
    const { code, err } = scratch.t4(["install", "--path", "2023", "--path", "readme.md"], "copy");
    expect(code).toBe(0);
    expect(err).toContain("2 files written");
    expect(err).not.toContain("remember");
    expect(files()).toBe("./2023/a.csv\n./readme.md\n");
  });

  it("takes every --path elsewhere, and says that it is placed without its path and not remembered", () => {
    const { code, err } = install("--path", "2023", "--path", "2024");
    expect(code).toBe(0);
    expect(files()).toBe("./a.csv\n./b.csv\n");
    expect(err).toMatch(/note: files of 2023, 2024 are right below copy, without the path.* not remember/);
    expect(install("--path", "2023", "--quiet").err).toBe("");
    expect(scratch.ok(["install", "--help"]).replace(/\s+/g, " ")).toContain("does not remember it");
  });

  it("refuses parts whose files would meet, before anything is written", async () => {
    for (const name of ["2023/b.csv", "2024/sub/c.csv"]) scratch.write(`data/${name}`, name);
    await scratch.publish("data", "registry", "Second");
    const parts = ["--path", "2023/", "--path", "2024"];
    const { code, err } = install(...parts);
    expect(code).toBe(2);
    expect(err).toContain('"2023/b.csv" and "2024/b.csv" would both become "b.csv"');
    expect(scratch.shell("ls copy").code).not.toBe(0);
    expect(install("--path", "2023/b.csv", "--path", "2024")).toMatchObject({ code: 2 });
    expect(install("--path", "2024", "--path", "2024/b.csv", "--dest", "same")).toMatchObject({ code: 0 });
    install();
    expect(install(...parts)).toMatchObject({ code: 0 });
    expect(files()).toContain("./2023/b.csv\n./2024/b.csv\n");
  });

  it("stays with one revision and names conflicts of every part", () => {
    scratch.write("copy/a.csv", "mine");
    scratch.write("copy/b.csv", "mine");
    const { code, err } = install("--path", "2023", "--path", "2024");
    expect(code).toBe(3);
    expect(err).toContain("2 files in conflict");
  });
});
