import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { Package, type SqlRow } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

beforeEach(() => enterEnvironment({ XDG_CACHE_HOME: join(temporaryDirectory(), "cache") }));

async function ask(name: string, content: string | Uint8Array, statement = "from entry"): Promise<SqlRow[]> {
  const entry = (await new Package().setBytes(name, Buffer.from(content))).entry(name);
  return (await entry.select(statement)).toArray();
}

/** More rows than DuckDB takes for a sample. */
const MANY = 20_500;
const after = (line: string, last: string): string => `${line}\n`.repeat(MANY) + last;
const LAST = `select * from entry offset ${MANY}`;

describe("text tables lose no digits in SQL", () => {
  it("where a double would not hold them", async () => {
    const rows = "12345678901234567890,0.12345678901234567890,1e400,9007199254740993.5\n5,1.5,2,1\n";
    const expected = [
      { id: 12345678901234567890n, price: "0.12345678901234567890", far: "1e400", big: "9007199254740993.5" },
      { id: 5n, price: "1.50000000000000000000", far: "2", big: "1.0" },
    ];
    expect(await ask("a.csv", `id,price,far,big\n${rows}`)).toEqual(expected);
    expect(await ask("a.csv.gz", gzipSync(`id,price,far,big\n${rows}`))).toEqual(expected);
    expect(await ask("a.tsv", `id\tprice\tfar\tbig\n${rows.replaceAll(",", "\t")}`)).toEqual(expected);
    const [described] = await ask("a.csv", `a\n0.12345678901234567890\n`, "select column_type from (describe entry)");
    expect(described).toEqual({ column_type: "DECIMAL(20,20)" });
  });

  it("and stay numbers where that holds them, however long they are written", async () => {
    const texts = ["0.1000000000000000056", "1.000000000000000056e-01", "-0.30000000000000004"];
    const rows = await ask("a.csv", `x,y\n${texts.map((text) => `${text},1\n`).join("")}`);
    expect(rows.map(({ x }) => x)).toEqual([0.1, 0.1, -0.30000000000000004]);
  });

  it("also behind the rows by which DuckDB finds types", async () => {
    expect(await ask("a.csv", `a\n${after("1", "1.5\n")}`, LAST)).toEqual([{ a: 1.5 }]);
    expect(await ask("a.csv", `a\n${after("1", "1.5\n0.12345678901234567890\n")}`, LAST)).toEqual([
      { a: "1.50000000000000000000" },
      { a: "0.12345678901234567890" },
    ]);
    expect(await ask("a.jsonl", after('{"a":1}', '{"a":2.5}\n'), LAST)).toEqual([{ a: 2.5 }]);
    expect(await ask("a.csv", `a\n${after("2024-01-01", "2024-01-01T10:00:00Z\n")}`, LAST)).toEqual([
      { a: "2024-01-01 10:00:00" },
    ]);
    expect(await ask("a.csv", `a\n${after("true", "1\n")}`, LAST)).toEqual([{ a: "1" }]);
  });

  it("nor digits of a second", async () => {
    const [row] = await ask(
      "a.csv",
      "at,local,far,day\n2024-05-01T12:00:00.123456789+02:00,2024-05-01 12:00:00.1234567,1500-01-01 00:00:00.1234567,12:00:00.1234567\n",
    );
    expect(row).toEqual({
      at: "2024-05-01 10:00:00.123456789",
      local: "2024-05-01 12:00:00.1234567",
      far: "1500-01-01 00:00:00.1234567",
      day: "12:00:00.1234567",
    });
  });

  it("in JSON, nested as they are, cut wherever", async () => {
    const text =
      '[{"id": 12345678901234567890, "d": 0.12345678901234567890, "s": {"x": [1.5, -1.2345678901234567890e-7]}, "t": "0.12345678901234567890\\"1"},\n{"id": 5, "d": 1.5, "j": [1, "x", 0.12345678901234567890]}]';
    const expected = [
      {
        id: 12345678901234567890n,
        d: "0.12345678901234567890",
        s: { x: ["1.5", "-1.2345678901234567890e-7"] },
        t: '0.12345678901234567890"1',
        j: null,
      },
      { id: 5n, d: "1.5", s: null, t: null, j: ["1", '"x"', '"0.12345678901234567890"'] },
    ];
    expect(await ask("a.json", text)).toEqual(expected);
    expect(await ask("a.json.gz", gzipSync(text))).toEqual(expected);
    expect(await ask("a.jsonl", '{"a": 9007199254740993}\n{"a": 0.5}\n')).toEqual([
      { a: "9007199254740993" },
      { a: "0.5" },
    ]);
    expect(await ask("a.jsonl", '{"a": 9007199254740993, "b": 0.5}\n')).toEqual([{ a: 9007199254740993n, b: 0.5 }]);
  });
});

describe("tables of other shapes are read as DuckDB reads them", () => {
  it.each([
    ["other marks", "a.csv", "a;b\n'x;y';2\n", [{ a: "x;y", b: 2n }]],
    ["ends of lines of Windows", "a.csv", 'a,b\r\n"x\r\ny",2\r\n', [{ a: "x\r\ny", b: 2n }]],
    [
      "no header",
      "a.csv",
      "1,2\n3,4\n",
      [
        { column0: 1n, column1: 2n },
        { column0: 3n, column1: 4n },
      ],
    ],
    ["a header alone", "a.csv", "a,b\n", []],
    ["dates of other lands", "a.csv", "d,x\n31/12/2024,0.5\n", [{ d: "2024-12-31", x: 0.5 }]],
    ["odd names", "a.csv", 'a\'b,"c""d",__proto__\n1,2,3\n', [{ "a'b": 1n, 'c"d': 2n, ["__proto__"]: 3n }]],
    ["columns of one name", "a.csv", "a,a\n1,2\n", [{ a: 1n, a_1: 2n }]],
  ])("%s", async (...[, name, content, rows]) => {
    expect(await ask(name, content)).toEqual(rows);
  });
});
