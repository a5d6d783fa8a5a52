import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Package, type PackageEntry, type Row, type RowsOptions, Timestamp } from "#t4/index.js";

async function entryOf(name: string, content: string | Uint8Array): Promise<PackageEntry> {
  return (await new Package().setBytes(name, Buffer.from(content))).entry(name);
}

async function rowsOf(entry: PackageEntry, options?: RowsOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of entry.rows(options)) rows.push(row);
  return rows;
}

async function read(name: string, content: string | Uint8Array, options?: RowsOptions): Promise<Row[]> {
  return rowsOf(await entryOf(name, content), options);
}

const column = async (texts: readonly string[]): Promise<unknown[]> =>
  (await read("a.csv", `x,y\n${texts.map((text) => `${text},-\n`).join("")}`)).map(({ x }) => x);

describe("cells of csv", () => {
  it.each([
    ["numbers", ["1", "-2.5", "1e3", ""], [1, -2.5, 1000, null]],
    ["integers that no number holds", ["9007199254740993", "1"], [9007199254740993n, 1]],
    ["numbers that are none", ["1.5", "NaN", "-inf"], [1.5, Number.NaN, Number.NEGATIVE_INFINITY]],
    ["codes with zeros in front", ["01234", "94110"], ["01234", "94110"]],
    ["telephones", ["+4712345678", "1"], ["+4712345678", "1"]],
    ["more digits than a number keeps", ["0.12345678901234567890", "1"], ["0.12345678901234567890", "1"]],
    ["too large a number", ["1e400", "1"], ["1e400", "1"]],
    ["all digits of a float", ["0.1", "5e-324", "1.7976931348623157e308"], [0.1, 5e-324, Number.MAX_VALUE]],
    ["zeros behind the point", ["1.50", "2.00"], [1.5, 2]],
    ["booleans", ["true", "False"], [true, false]],
    ["dates", ["2024-02-29", ""], [new Date("2024-02-29"), null]],
    ["days that there are not", ["2023-02-29", "2024-02-29"], ["2023-02-29", "2024-02-29"]],
    ["times without a zone", ["2024-02-29 12:00:00"], ["2024-02-29 12:00:00"]],
  ])("keep what they are: %s", async (_, texts, values) => {
    expect(await column(texts)).toEqual(values);
  });

  it("keep the digits below a millisecond", async () => {
    const [at] = await column(["2024-02-29T12:34:56.123456789Z"]);
    expect(at).toBeInstanceOf(Timestamp);
    expect(JSON.stringify(at)).toBe('"2024-02-29T12:34:56.123456789Z"');
  });

  it("stay texts where that is asked for", async () => {
    expect(await read("a.csv", "n\n1\n", { text: true })).toEqual([{ n: "1" }]);
  });

  it("that are not of the type of those before are an error that says where", async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `${i}\n`).join("");
    await expect(read("a.csv", `n\n${lines}n/a\n`)).rejects.toMatchObject({
      code: "ERR_T4_FORMAT",
      message: '"a.csv", line 1202, column "n": expected number as in the rows before, got "n/a".',
    });
    expect(await read("a.csv", `n\n${lines}n/a\n`, { text: true })).toHaveLength(1201);
  });

  it("of any name and number of columns of one name", async () => {
    const [row] = await read("a.csv", "a,a,__proto__,a_2\n1,2,3,4\n");
    expect(Object.entries(row as Row)).toEqual([
      ["a", 1],
      ["a_3", 2],
      ["__proto__", 3],
      ["a_2", 4],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it.each([
    ["more cells than columns", "a,b\n1,2,3\n"],
    ["a quote that is not closed", 'a\n"1\n'],
    ["another encoding", Buffer.from("a\ncaf\u00e9\n", "latin1")],
  ])("refuse %s", async (_, content) => {
    await expect(read("a.csv", content)).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });

  it("are none in an empty file, and in one with a header alone", async () => {
    expect(await read("a.csv", "")).toEqual([]);
    expect(await read("a.csv", "a,b")).toEqual([]);
    expect((await (await entryOf("a.csv", "a,b")).schema()).columns.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("rows of JSON", () => {
  const JSON_TEXT =
    '[{"a": 12345678901234567890, "b": [1, {"c": 0.12345678901234567890}]},\n {"__proto__": "]}", "d": "\\"},{"}]';

  it("keep their digits and names", async () => {
    const rows = await read("a.json", JSON_TEXT);
    expect(rows[0]).toEqual({ a: 12345678901234567890n, b: [1, { c: "0.12345678901234567890" }] });
    expect(Object.entries(rows[1] as Row)).toEqual([
      ["__proto__", "]}"],
      ["d", '"},{'],
    ]);
    expect(await read("a.jsonl", '\ufeff{"a": 1e400}\n\n{"a": -9007199254740993}')).toEqual([
      { a: "1e400" },
      { a: -9007199254740993n },
    ]);
  });

  it("are found wherever the file is cut into chunks", async () => {
    const { Readable } = await import("node:stream");
    const { json } = await import("#t4/content/formats/json.js");
    const whole = await read("a.json", JSON_TEXT);
    for (const size of [1, 2, 3, 7]) {
      const bytes = Buffer.from(JSON_TEXT);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const stream = (): AsyncIterable<Uint8Array> => Readable.from(pieces);
      const table = await json.table?.({
        path: "a.json",
        asText: false,
        stream,
        whole: () => Promise.resolve(bytes),
        random: () => Promise.reject(new Error()),
      });
      const rows: Row[] = [];
      for await (const batch of table?.rows({ columns: undefined, filter: {}, limit: undefined }) ?? [])
        rows.push(...batch);
      expect(rows).toEqual(whole);
    }
  });

  it.each([
    ["a.json", '{"a": [1]}', "it is no array of objects"],
    ["a.json", "", "it is empty"],
    ["a.json", '[{"a": 1}', "it ends within the array"],
    ["a.json", '[{"a": 1}] []', "it is no array of objects"],
    ["a.json", "[{},]", "element 2 is no JSON"],
    ["a.json", "[1]", "element 1 is number; each row must be an object"],
    ["a.jsonl", "{}\n[]\n", "line 2 is list; each row must be an object"],
    ["a.jsonl", '{"a": 1}\n{"a": \n', "line 2 is no JSON"],
  ])("of %s that is %j say what is wrong", async (name, content, message) => {
    const error: unknown = await read(name, content).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "ERR_T4_FORMAT" });
    expect(String(error)).toContain(message);
  });

  it("may have a column that the first ones have not", async () => {
    const lines = Array.from({ length: 1500 }, (_, i) => JSON.stringify(i < 1400 ? { a: i } : { a: i, b: i })).join(
      "\n",
    );
    const rows = await read("a.jsonl", lines, { columns: ["b"], filter: { a: { gte: 1399 } } });
    expect(rows.slice(0, 2)).toEqual([{ b: null }, { b: 1400 }]);
  });
});

describe("what is asked of a table", () => {
  const CITIES = "city,celsius,day\nOslo,21,2024-05-01\nBergen,18,2024-05-02\nBod\u00f8,,2024-05-03\n";

  it("is columns in the order that is named", async () => {
    const rows = await read("a.csv", CITIES, { columns: ["celsius", "city"], limit: 1 });
    expect(rows.map(Object.entries)).toEqual([
      [
        ["celsius", 21],
        ["city", "Oslo"],
      ],
    ]);
  });

  it.each([
    [{ city: "Oslo" }, ["Oslo"]],
    [{ city: { in: ["Oslo", "Bod\u00f8"] } }, ["Oslo", "Bod\u00f8"]],
    [{ celsius: { gt: 17, lt: 21n } }, ["Bergen"]],
    [{ celsius: null }, ["Bod\u00f8"]],
    [{ celsius: { ne: 21 } }, ["Bergen", "Bod\u00f8"]],
    [{ day: { gte: new Date("2024-05-02") }, city: { lte: "Bergen" } }, ["Bergen"]],
    [{ city: { gt: 5 } }, []],
  ] as const)("is conditions, %#", async (filter, cities) => {
    const rows = await read("a.csv", CITIES, { filter, columns: ["city"] });
    expect(rows.map(({ city }) => city)).toEqual(cities);
  });

  it("finds texts whose bounds the file orders in another way", async () => {
    const bytes = readFileSync(new URL("golden/order.parquet", import.meta.url));
    expect(await read("a.parquet", bytes, { filter: { text: { lt: "\ue000" } } })).toEqual([{ text: "\u{1f600}" }]);
  });

  it("is rows after the filter, not before", async () => {
    expect(await read("a.csv", CITIES, { filter: { celsius: 18 }, limit: 1 })).toHaveLength(1);
    expect(await read("a.csv", CITIES, { limit: 0 })).toEqual([]);
  });

  it.each([
    [{ columns: ["citty"] }, "Did you mean city?"],
    [{ filter: { nothing: 1 } }, "t4 schema"],
    [{ filter: { city: { gtt: 1 } } }, "Did you mean gt?"],
    [{ filter: { city: { in: 1 } } }, "an object of"],
    [{ limit: -1 }, "from 0 on"],
    [{ colums: ["city"] }, "Did you mean columns?"],
  ])("is refused where it makes no sense: %j", async (options, hint) => {
    await expect(read("a.csv", CITIES, options as RowsOptions)).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
      hint: expect.stringContaining(hint) as string,
    });
  });

  it("is a table", async () => {
    await expect(read("a.txt", "x")).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await expect(read("a.nothing", "x")).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
  });
});

describe("packed tables", () => {
  it("are unpacked as they are read, also of several parts", async () => {
    const packed = Buffer.concat([gzipSync("a\n1\n"), gzipSync("2\n")]);
    expect(await read("a.csv.gz", packed)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each(["a.csv.gz", "a.csv.zst", "a.parquet.gz"])("that are none are an error: %s", async (name) => {
    await expect(read(name, "a\n1\n")).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });

  it("that end too early are an error", async () => {
    const packed = gzipSync(`a\n${"1\n".repeat(10_000)}`);
    await expect(read("a.csv.gz", packed.subarray(0, -20))).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
  });
});
