import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { SearchLine } from "../../server/api.js";
import { push, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
const catalog = testCatalog();
let id: string;

beforeAll(async () => {
  for (const [i, city] of ["Oslo", "Lima", "Kyoto"].entries()) {
    const meta = { station: { city, height: i * 100 }, tags: ["wet", `t${i}`] };
    await push({ registry, name: `climate/s${i}` }, { "a.txt": city }, { message: `Station ${i}`, meta });
  }
  await push({ registry, name: "lab/oslo-notes" }, { "a.txt": "a" }, { message: "Words" });
  ({ id } = await catalog.registries.open(registry));
});

const search = async (text: string): Promise<Record<string, string>> => {
  const answer = await (await catalog.get(`/api/v1/r/${id}/search?q=${encodeURIComponent(text)}`)).text();
  const lines = answer.trim().split("\n");
  const all = lines.map((line) => JSON.parse(line) as SearchLine);
  expect(all.at(-1)).toEqual({ searched: 4, total: 4 });
  return Object.fromEntries(all.flatMap((line) => ("name" in line ? [[line.name, `${line.where} ${line.text}`]] : [])));
};

describe("packages are found", () => {
  it("by name, and by values and names of metadata", async () => {
    expect(await search("oslo")).toEqual({
      "climate/s0": "metadata station.city: Oslo",
      "lab/oslo-notes": "name lab/oslo-notes",
    });
    expect(Object.keys(await search("city"))).toHaveLength(3);
  });

  it("by message, and by all words together", async () => {
    expect(await search("station 1")).toEqual({ "climate/s1": "message Station 1" });
    expect(await search("climate kyoto")).toEqual({ "climate/s2": "metadata station.city: Kyoto" });
    expect(await search("lab kyoto")).toEqual({});
  });

  it("by one value of metadata", async () => {
    expect(await search("city=lima")).toEqual({ "climate/s1": "metadata station.city: Lima" });
    expect(await search("tags=t2")).toEqual({ "climate/s2": "metadata tags: t2" });
    expect(await search("ity=lima")).toEqual({});
  });

  it("as they are now", async () => {
    await push({ registry, name: "lab/oslo-notes" }, { "a.txt": "b" }, { message: "Words", meta: { city: "Lima" } });
    expect(Object.keys(await search("city=lima")).sort()).toEqual(["climate/s1", "lab/oslo-notes"]);
  });
});
