import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Package, registerFormat } from "#t4/index.js";

const VEGA = new URL("../../../../node_modules/vega-datasets/data/", import.meta.url);

async function read(name: string, bytes: Uint8Array | string): Promise<unknown> {
  const pkg = new Package();
  await pkg.setBytes(name, Buffer.from(bytes));
  return pkg.entry(name).deserialize();
}

describe("deserialize", () => {
  it.each([
    ["a.json", '{"b": [1, null]}', { b: [1, null] }],
    ["a.jsonl", '{"b": 1}\n\n{"b": 2}\n', [{ b: 1 }, { b: 2 }]],
    ["a.csv", '\ufeffname,n\n"x, y",1\n', [{ name: "x, y", n: 1 }]],
    ["a.tsv", "name\tn\nx\t1\n", [{ name: "x", n: 1 }]],
    ["README.md", "# é", "# é"],
    ["UPPER.TXT", "x", "x"],
  ])("reads %s", async (name, text, value) => {
    expect(await read(name, text)).toEqual(value);
    expect(await read(`${name}.gz`, gzipSync(text))).toEqual(value);
  });

  it("reads real data", async () => {
    const cars = (await read("cars.json", readFileSync(new URL("cars.json", VEGA)))) as unknown[];
    expect(cars).toHaveLength(406);
    const weather = (await read("w.csv", readFileSync(new URL("seattle-weather.csv", VEGA)))) as unknown[];
    expect(weather[0]).toMatchObject({ date: new Date("2012-01-01"), weather: "drizzle" });
    const flights = (await read("f.parquet", readFileSync(new URL("flights-3m.parquet", VEGA)))) as unknown[];
    expect(flights.length).toBeGreaterThan(1_000_000);
  });

  it("goes by the format that metadata names, before the ending", async () => {
    const pkg = await new Package().setText("data.bin", "[1]");
    expect(await pkg.entry("data.bin").deserialize()).toBeInstanceOf(Uint8Array);
    const manifest = [
      '{"version": "v0"}',
      '{"logical_key": "d.bin", "physical_keys": ["file:///nowhere"], "size": 3, "hash": null, "meta": {"target": "json"}}',
    ].join("\n");
    const loaded = await Package.load(Buffer.from(`${manifest}\n`));
    await loaded.setBytes("d.bin", Buffer.from("[1]"));
    expect(await loaded.entry("d.bin").deserialize()).toEqual([1]);
  });

  it("takes a function, and formats of the user's own", async () => {
    const pkg = await new Package().setText("a.odd", "text");
    expect(await pkg.entry("a.odd").deserialize((bytes) => bytes.length)).toBe(4);
    await expect(pkg.entry("a.odd").deserialize()).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    expect(() => registerFormat("odd", { extensions: [".odd"] })).toThrow(/neither read nor table/);
    registerFormat("odd", { extensions: [".odd"], read: () => "mine" });
    expect(await pkg.entry("a.odd").deserialize()).toBe("mine");
  });

  it("refuses what is no gzip file", async () => {
    await expect(read("a.txt.gz", "text")).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });

  it("stops at a file that unpacks to more than memory should hold", async () => {
    const bomb = gzipSync(Buffer.alloc((128 << 20) + 1), { level: 1 });
    await expect(read("bomb.txt.gz", bomb)).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });
});
