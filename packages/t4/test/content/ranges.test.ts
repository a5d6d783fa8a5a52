import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Package, type PackageEntry, type RowsOptions } from "#t4/index.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";

const FLIGHTS = fileURLToPath(
  new URL("../../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
);

/** A file of 13.5 MB with 3,000,000 rows of 5 columns in 11 row groups, of which a group takes 1.2 MB. */
describe("of a Parquet file in a bucket", () => {
  let served: ServedBuckets;
  let entry: PackageEntry;
  let requestsBefore = 0;

  beforeAll(async () => {
    served = await enterBuckets();
    const pkg = new Package();
    await pkg.set("flights.parquet", FLIGHTS);
    await pkg.push("alice/flights", "s3://plain");
    entry = (await Package.browse("alice/flights", { registry: "s3://plain" })).entry("flights.parquet");
  }, 60_000);
  afterAll(async () => {
    await served.close();
  });
  beforeEach(() => {
    requestsBefore = served.server.log.entries.length;
  });

  /** The ranges that were asked for since the test began. */
  function ranges(): { readonly start: number; readonly length: number }[] {
    return served.server.log.entries.slice(requestsBefore).map(({ headers }) => {
      const [, start = "0", end = "0"] = /^bytes=(\d+)-(\d+)$/.exec(headers["range"] ?? "") ?? [];
      return { start: Number(start), length: Number(end) - Number(start) + 1 };
    });
  }

  async function count(options: RowsOptions): Promise<number> {
    let rows = 0;
    for await (const _ of entry.rows(options)) rows++;
    return rows;
  }

  const bytes = (): number => ranges().reduce((sum, { length }) => sum + length, 0);

  it("the schema costs the footer", async () => {
    const { columns, rowCount } = await entry.schema();
    expect(rowCount).toBe(3_000_000);
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toContain("origin string");
    expect(ranges().map(({ length }) => length)).toEqual([64 << 10]);
  });

  it("a row costs the first row group, and of that the columns that are asked for", async () => {
    expect(await count({ limit: 1, columns: ["delay"] })).toBe(1);
    const ofOne = bytes();
    expect(ranges().length).toBeLessThanOrEqual(3);
    requestsBefore = served.server.log.entries.length;
    expect(await count({ limit: 1 })).toBe(1);
    expect(ofOne).toBeLessThan(bytes() / 2);
    expect(bytes()).toBeLessThan(2_000_000);
  });

  it("a filter leaves out the row groups that cannot fulfil it", async () => {
    const all: number[] = [];
    for await (const { distance } of entry.rows({ columns: ["distance"], limit: 1 })) all.push(Number(distance));
    requestsBefore = served.server.log.entries.length;
    expect(await count({ filter: { distance: { lt: 0 } } })).toBe(0);
    expect(ranges()).toHaveLength(1);
  });

  it("all bytes are read first where they are to be verified", async () => {
    expect(await count({ limit: 1, columns: ["delay"], verify: true })).toBe(1);
    expect(bytes()).toBeGreaterThan(13_000_000);
  });
});
