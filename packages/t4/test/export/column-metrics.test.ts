import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { ColumnMetaData, RowGroup, Statistics } from "hyparquet";
import { describe, expect, it } from "vitest";
import { describeFile, metricsOf } from "#t4/package/export/iceberg/column-metrics.js";
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

  it("has no bounds and nulls of a column of which a row group tells none", () => {
    const group = (statistics: Statistics | undefined) => {
      const column = { path_in_schema: ["count"], num_values: 2n, total_compressed_size: 30n, statistics };
      return { columns: [{ meta_data: column as unknown as ColumnMetaData }] } as unknown as RowGroup;
    };
    const told = group({ min_value: 3n, max_value: 4n, null_count: 0n });
    const metrics = metricsOf({ row_groups: [told, group(undefined)] }, COLUMNS);
    const counts = { column_sizes: [{ key: 9, value: 60n }], value_counts: [{ key: 9, value: 4n }] };
    expect(metrics).toMatchObject({ ...counts, null_value_counts: [], lower_bounds: [], upper_bounds: [] });
    const nulls = metricsOf({ row_groups: [told, group({ null_count: 2n })] }, COLUMNS);
    expect(nulls.null_value_counts).toEqual([{ key: 9, value: 2n }]);
    expect(nulls.upper_bounds?.[0]?.value.readBigInt64LE()).toBe(4n);
  });

  it("has no bounds of a column without values", async () => {
    const { file, bound } = await described(
      "select case when i < 2048 then 'b' end as word, null::bigint as count from range(4096) t(i)",
    );
    expect(String(bound(file.upper_bounds, 7))).toBe("b");
    expect(bound(file.upper_bounds, 9)).toBeUndefined();
  });
});
