import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { type FormatOptions, Package, type Row, registerFormat, type SqlRow, sql } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const GOLDEN = new URL("../content/golden/", import.meta.url);

beforeEach(() => enterEnvironment({ XDG_CACHE_HOME: join(temporaryDirectory(), "cache") }));

async function ask(name: string, statement: string, content?: Uint8Array | string): Promise<SqlRow[]> {
  const bytes = content === undefined ? readFileSync(new URL(name, GOLDEN)) : Buffer.from(content);
  const entry = (await new Package().setBytes(name, bytes)).entry(name);
  return (await entry.select(statement)).toArray();
}

/** A format of the user's own whose rows are these. */
function formatOf(columns: readonly (readonly [string, string])[], rows: readonly Row[]): FormatOptions {
  return {
    extensions: [".own"],
    table: async () => ({
      columns: columns.map(([name, type]) => ({ name, type })),
      async *rows() {
        yield rows;
      },
    }),
  };
}

describe("files of formats that DuckDB does not read", () => {
  it.each(["types.arrow", "types.arrows", "types-zstd.feather"])(
    "%s has the columns and values that DuckDB finds in the Parquet file of the same table",
    async (name) => {
      const [columns] = await ask("types-none.parquet", "select list(column_name) as all from (describe entry)");
      const names = ((columns?.["all"] ?? []) as string[]).map((column) => `"${column}"`).join(", ");
      const typed = `select column_name, column_type from (describe select ${names} from entry)`;
      expect(await ask(name, typed)).toEqual(await ask("types-none.parquet", typed));
      const all = `select ${names} from entry`;
      expect(await ask(name, all)).toEqual(await ask("types-none.parquet", all));
    },
  );

  it("lose no digits, of types that Parquet has not, either", async () => {
    const [first] = await ask("types.arrow", "select float16, timestamp_s, date64, decimal256, fixed_list from entry");
    expect(first).toEqual({
      float16: 1.5,
      timestamp_s: "1969-12-31 23:59:59",
      date64: "1969-12-31",
      decimal256: "-99999999999999999999999999999999999999999999999999.25",
      fixed_list: [1, 2],
    });
  });

  it("are workbooks, arrays of NumPy and packed files, too", async () => {
    const [excel] = await ask("openpyxl.xlsx", "select id, day, moment, measure, mixed from entry order by id limit 1");
    expect(excel).toEqual({
      id: 1,
      day: "2024-02-29",
      moment: "2024-02-29 12:34:56.789",
      measure: 0.1,
      mixed: "5",
    });
    expect(await ask("arrays.npz", "select count(*) as n from entry")).toEqual([{ n: 3n }]);
    expect(await ask("matrix.npy", 'select count("0") as n from entry')).toEqual([{ n: 3n }]);
    const packed = gzipSync(readFileSync(new URL("pandas.parquet", GOLDEN)));
    expect(await ask("a.parquet.gz", "from entry", packed)).toEqual(await ask("pandas.parquet", "from entry"));
    expect(await ask("a.tab", "from entry", "x\ty\n1\t2\n")).toEqual([{ x: 1n, y: 2n }]);
  });

  it("join those that it reads, of several packages, and give only the columns that are asked for", async () => {
    const registry = join(temporaryDirectory(), "registry");
    const pkg = await new Package().setBytes("a/b.arrow", readFileSync(new URL("types.arrow", GOLDEN)));
    await pkg.push("alice/types", registry);
    await (await new Package().setText("names.csv", "color,rank\nred,1\n")).push("bob/names", registry);
    const statement = `select t.int32, n.rank from 'alice/types/a/b.arrow' t join 'bob/names/names.csv' n on t.dictionary = n.color`;
    const rows = await (await sql(statement, { registry })).toArray();
    expect(rows[0]).toEqual({ int32: -2147483648, rank: 1n });
    const byPlace = await sql("select #3 from 'alice/types/a/b.arrow' where int64 < 0", { registry });
    expect(await byPlace.toArray()).toEqual([{ int32: -2147483648 }]);
  });

  it("are of the user's own formats, and a value that its type does not hold is an error", async () => {
    const moment = new Date("2024-01-02T03:04:05Z");
    const good: readonly [string, unknown][] = [
      ["number", 0.5],
      ["uint64", 18446744073709551615n],
      ["decimal(4, 2)", "-1.50"],
      ["date", new Date("2024-01-02")],
      ["timestamp[ms]", moment],
      ["struct<a: int32, b: list<string>>", { a: 1, b: ["x", null] }],
      ["map<string, bool>", new Map([["k", true]])],
      ["odd", "x"],
    ];
    const columns = good.map(([type], i) => [`c${i}`, type] as const);
    const row = Object.fromEntries(good.map(([, value], i) => [`c${i}`, value]));
    registerFormat("own", formatOf(columns, [row, Object.fromEntries(columns.map(([name]) => [name, null]))]));
    const [first, empty] = await ask("a.own", "from entry", "x");
    expect(Object.values(first ?? {})).toEqual([
      0.5,
      18446744073709551615n,
      "-1.50",
      "2024-01-02",
      "2024-01-02 03:04:05",
      { a: 1, b: ["x", null] },
      [{ key: "k", value: true }],
      "x",
    ]);
    expect(new Set(Object.values(empty ?? {}))).toEqual(new Set([null]));
    const wrong: readonly (readonly [string, unknown])[] = [
      ["number", 12345678901234567890n],
      ["decimal(4, 2)", "1.5"],
      ["date", moment],
      ["timestamp[s]", new Date(1)],
      ["list<int32>", [1, "x"]],
      ["struct<a: int32, b: int32>", { "a: int32, b": 1 }],
      ["map<string, int32>", { k: 1 }],
      ["odd", { a: 1 }],
    ];
    for (const [type, value] of wrong) {
      registerFormat("own", formatOf([["c", type]], [{ c: value }]));
      await expect(ask("a.own", "from entry", "x"), type).rejects.toMatchObject({
        code: "ERR_T4_FORMAT",
        message: expect.stringMatching(/"a\.own": a value of the column "c"/),
      });
    }
  });
});
