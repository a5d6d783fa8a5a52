import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { describeFile } from "#t4/package/export/iceberg/column-metrics.js";
import { temporaryDirectory } from "../temporary.js";

const COLUMNS = [
  { id: 7, name: "word", type: "VARCHAR", members: [] },
  { id: 9, name: "count", type: "BIGINT", members: [] },
] as const;

/** Describes a file with the rows of a statement, 2048 in each row group. */
async function described(rows: string) {
  const path = join(temporaryDirectory(), "a.parquet");
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`copy (${rows}) to '${path}' (format parquet, row_group_size 2048)`);
  const file = await describeFile(path, { location: "file:///a.parquet", columns: COLUMNS });
  const bound = (bounds: typeof file.lower_bounds, key: number) => bounds?.find((each) => each.key === key)?.value;
  return { file, bound };
}

describe("what a manifest says of a file", () => {
  it("is about all its row groups", async () => {
    const { file, bound } = await described(
      "select lpad(i::varchar, 5, '0') as word, case when i % 2 = 0 then -i end as count from range(5000) t(i)",
    );
    expect(file.record_count).toBe(5000n);
    expect(file.value_counts).toEqual([
      { key: 7, value: 5000n },
      { key: 9, value: 5000n },
    ]);
    expect(file.null_value_counts?.[1]).toEqual({ key: 9, value: 2500n });
    expect([String(bound(file.lower_bounds, 7)), String(bound(file.upper_bounds, 7))]).toEqual(["00000", "04999"]);
    expect(bound(file.lower_bounds, 9)?.readBigInt64LE()).toBe(-4998n);
    expect(bound(file.upper_bounds, 9)?.readBigInt64LE()).toBe(0n);
  });

  it("has no bounds of a column of which a row group tells none, and passes over one that has only nulls", async () => {
    // DuckDB tells no bounds of very long texts.
    const long =
      "select case when i < 2048 then 'b' else repeat('a', 20000) end as word, 1::bigint as count from range(4096) t(i)";
    const { file, bound } = await described(long);
    expect([bound(file.lower_bounds, 7), bound(file.upper_bounds, 7)]).toEqual([undefined, undefined]);
    expect(bound(file.lower_bounds, 9)?.readBigInt64LE()).toBe(1n);
    const nulls = await described(
      "select case when i < 2048 then 'b' end as word, null::bigint as count from range(4096) t(i)",
    );
    expect(String(nulls.bound(nulls.file.upper_bounds, 7))).toBe("b");
    expect(nulls.bound(nulls.file.upper_bounds, 9)).toBeUndefined();
  });
});
