import { beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { Scratch } from "./scratch.js";

describe("search and find", () => {
  let scratch: Scratch;
  let topHash: string;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("work/2024/jan.csv", "city,celsius\nOslo,21\n");
    topHash = await scratch.publish("work", "registry", "First\nwith details");
  });

  it("print packages with the files that were found, and what to do next", () => {
    const { code, out, err } = scratch.t4(["search", "celsius", "jan", "--registry", "registry"]);
    expect(code).toBe(0);
    expect(out).toBe(`alice/weather  ${topHash.slice(0, 12)}  First\n  2024/jan.csv\n`);
    expect(err).toBe("Reading 1 new or changed package ...\nNext: t4 show alice/weather --registry registry\n");
    const again = scratch.t4(["search", "wether", "--registry", "registry", "--cached"]);
    expect(again.err).toContain("note: no wether; looked for weather.\n");
    expect(scratch.t4(["search", "absent", "--registry", "registry"])).toMatchObject({
      code: 0,
      out: "",
      err: "No package has all of these words.\n",
    });
    const answer = JSON.parse(scratch.ok(["search", "oslo", "--registry", "registry", "--json"])) as unknown;
    expect(answer).toEqual({ results: [], corrected: {} });
  });

  it("say how many more files there are than are named", async () => {
    for (let i = 0; i < 12; i++) scratch.write(`work/2025/${i}.csv`, "x\n");
    await scratch.publish("work", "registry", "Second");
    const args = ["search", "2025", "--registry", "registry"];
    expect(scratch.ok(args)).toMatch(/\n( {2}2025\/\d+\.csv\n){5} {2}and 7 more\n$/);
    const answer = JSON.parse(scratch.ok([...args, "--json"])) as unknown;
    expect(answer).toMatchObject({ results: [{ moreKeys: 7 }] });
  });

  it("find by conditions, and say when there are more", async () => {
    const args = ["find", "alice/*", "--where", "size > 10 and message like 'First%'", "--registry", "registry"];
    expect(scratch.ok(args)).toBe(`alice/weather  ${topHash.slice(0, 12)}  21 B\n`);
    expect(JSON.parse(scratch.ok([...args, "--json"]))).toMatchObject([{ name: "alice/weather", files: 1, size: 21 }]);
    const all = ["find", "--limit", "1", "--cached", "--registry", "registry"];
    expect(scratch.t4(all).err).toBe("");
    await (await new Package().setText("a", "a")).push("alice/other", scratch.path("registry"));
    expect(scratch.t4(["find", "--limit", "1", "--registry", "registry"]).err).toContain(
      "There are more than 1: --limit shows them.\n",
    );
    expect(scratch.t4(["find", "--where", "sise > 1", "--registry", "registry"])).toMatchObject({ code: 2 });
  });
});
