import { cpSync, readFileSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("pinned packages", () => {
  let scratch: Scratch;
  let first: string;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("work/a.csv", "city,celsius\nOslo,21\n");
    first = await scratch.publish("work", "registry", "First");
  });

  it("are added, found to be outdated, updated, installed and verified", async () => {
    const add = scratch.t4(["add", "alice/weather", "--registry", "registry", "--dest", "data/weather"]);
    expect(add).toEqual({
      code: 0,
      out: "",
      err: `Pinned alice/weather to ${first.slice(0, 12)} in t4.lock.\nNext: t4 install --locked\n`,
    });
    expect(scratch.t4(["outdated"])).toMatchObject({ code: 0, out: "", err: expect.stringContaining("latest") });
    scratch.write("work/a.csv", "city,celsius\nOslo,22\n");
    const second = await scratch.publish("work", "registry", "Second");
    expect(scratch.ok(["outdated"])).toBe(`alice/weather  ${first.slice(0, 12)}  ${second.slice(0, 12)}\n`);
    scratch.ok(["install", "--locked"]);
    expect(readFileSync(scratch.path("data/weather/a.csv"), "utf8")).toContain("Oslo,21");
    expect(scratch.t4(["verify", "--locked"])).toMatchObject({ code: 0, err: "1 package verified: all as pinned.\n" });
    expect(scratch.t4(["update"]).err).toContain(`alice/weather: ${first.slice(0, 12)} -> ${second.slice(0, 12)}\n`);
    const verify = scratch.t4(["verify", "--locked"]);
    expect(verify).toMatchObject({ code: 6, out: "alice/weather: modified data/weather/a.csv\n" });
    expect(JSON.parse(scratch.ok(["install", "--locked", "--json"]))).toMatchObject([
      { name: "alice/weather", topHash: second, written: 1 },
    ]);
    expect(JSON.parse(scratch.ok(["verify", "--locked", "--json"]))).toMatchObject([
      { name: "alice/weather", ok: true },
    ]);
  });

  it("are installed one by one, into any directory", () => {
    scratch.ok(["add", "alice/weather", "--registry", "registry", "-q"]);
    expect(scratch.t4(["install", "--locked"])).toMatchObject({ code: 2, err: expect.stringContaining("--dest") });
    scratch.ok(["install", "alice/weather", "--locked", "--dest", "here"]);
    expect(readFileSync(scratch.path("here/a.csv"), "utf8")).toContain("Oslo,21");
    expect(scratch.t4(["install", "bob/other", "--locked"])).toMatchObject({ code: 4 });
    expect(scratch.t4(["install", "--locked", "--registry", "registry"])).toMatchObject({ code: 2 });
    expect(scratch.t4(["verify", "here", "--locked"])).toMatchObject({ code: 2 });
  });

  it("keep files that were changed, in all directories, and say so at the end", async () => {
    scratch.write("other/b.txt", "b");
    scratch.ok(["push", "alice/other", "other", "registry", "-m", "x"]);
    for (const name of ["other", "weather"])
      scratch.ok(["add", `alice/${name}`, "--registry", "registry", "--dest", `data/${name}`, "-q"]);
    scratch.write("data/other/b.txt", "mine");
    const installed = scratch.t4(["install", "--locked"]);
    expect(installed).toMatchObject({ code: 3, err: expect.stringContaining("conflict data/other/b.txt") });
    expect(readFileSync(scratch.path("data/other/b.txt"), "utf8")).toBe("mine");
    expect(readFileSync(scratch.path("data/weather/a.csv"), "utf8")).toContain("Oslo,21");
  });

  it("have declarations of their files and columns, of the revision that is pinned", async () => {
    scratch.ok(["add", "alice/weather", "--registry", "registry", "-q"]);
    rmSync(scratch.path("work/a.csv"));
    scratch.write("work/b.txt", "b");
    for (const name of ["types.arrow", "openpyxl.xlsx", "matrix.npy"])
      cpSync(new URL(`../content/golden/${name}`, import.meta.url), scratch.path(`work/${name}`));
    await scratch.publish("work", "registry", "Second");
    const types = scratch.ok(["types"]);
    expect(types).toContain(`declare module "t4:alice/weather" {\n  /** alice/weather@${first} */\n`);
    expect(types).toContain(`    "a.csv": { "city": string | null; "celsius": number | bigint | null }[];\n`);
    const latest = scratch.ok(["types", "alice/weather", "--registry", "registry"]);
    expect(latest).toContain(`    "b.txt": string;\n`);
    expect(latest).toContain(`    "matrix.npy": { "0": bigint | null; "1": bigint | null }[];\n`);
    expect(latest).toMatch(
      /"types\.arrow": \{ "bool": boolean \| null; .*"binary": Uint8Array \| null; .*"list": unknown;/,
    );
    expect(latest).toMatch(
      /"openpyxl\.xlsx": \{ "id": number \| null; .*"mixed": boolean \| number \| string \| null;/,
    );
    expect(scratch.ok(["types", "--page"])).toContain(`import("t4/vite").PagePackage<\n    | "a.csv"\n  >;\n`);
  });
});
