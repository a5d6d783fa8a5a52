import { Table as ArrowTable, Decimal, Field, makeData, RecordBatch, Schema, Struct, tableToIPC } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { batched, isSampled, type RowSize } from "#t4/content/batches.js";
import type { FormatFile, FormatOptions, Row } from "#t4/content/format.js";
import { csv } from "#t4/content/formats/csv.js";
import { json } from "#t4/content/formats/json.js";
import { jsonLines } from "#t4/content/formats/json-lines.js";
import { npy as numpy } from "#t4/content/formats/numpy.js";
import { parquetColumns } from "#t4/content/parquet/schema.js";
import { loadZstd } from "#t4/content/zstd.js";
import { Package } from "#t4/index.js";
import { npy, workbookOf, zipOf } from "./small-files.js";

async function read(name: string, content: Uint8Array | string): Promise<Row[]> {
  const entry = (await new Package().setBytes(name, Buffer.from(content))).entry(name);
  const rows: Row[] = [];
  for await (const row of entry.rows()) rows.push(row);
  return rows;
}

/** A file that tells how many of its chunks were taken, and whether it was closed. */
function watched(
  path: string,
  chunks: Iterable<string>,
): { readonly file: FormatFile; taken: number; isClosed: boolean } {
  const watch = {
    taken: 0,
    isClosed: false,
    file: {
      path,
      asText: false,
      async *stream() {
        try {
          for (const chunk of chunks) {
            watch.taken++;
            yield Buffer.from(chunk);
          }
        } finally {
          watch.isClosed = true;
        }
      },
      whole: () => Promise.reject(new Error("whole")),
      random: () => Promise.reject(new Error("random")),
    } satisfies FormatFile,
  };
  return watch;
}

function* repeated(first: string, line: string, count: number): Generator<string> {
  if (first !== "") yield first;
  for (let i = 0; i < count; i++) yield line;
}

const ALL = { columns: undefined, filter: {}, limit: undefined } as const;

describe("a batch of rows", () => {
  async function* sized(sizes: readonly RowSize[]): AsyncGenerator<RowSize> {
    yield* sizes;
  }

  async function lengths(sizes: readonly RowSize[]): Promise<number[]> {
    const found: number[] = [];
    const budget = { rows: 4, cells: 10, characters: 100 };
    for await (const rows of batched(sized(sizes), () => ({}), budget)) found.push(rows.length);
    return found;
  }

  it("ends with the row that uses up rows, cells or characters", async () => {
    const small = { cells: 1, characters: 1 };
    const wide = { cells: 6, characters: 1 };
    const long = { cells: 1, characters: 1000 };
    expect(await lengths(Array.from({ length: 9 }, () => small))).toEqual([4, 4, 1]);
    expect(await lengths([wide, wide, small, wide, small])).toEqual([2, 3]);
    expect(await lengths([long, small, long])).toEqual([1, 2, 0]);
  });

  it("and a sample has a header and a row", () => {
    const isEnough = isSampled();
    const long = { cells: 1, characters: 8 << 20 };
    expect([long, long].map(isEnough)).toEqual([false, true]);
  });
});

describe("of a table of long or wide rows, few are read before the first is given", () => {
  const LONG = "x".repeat(1 << 20);

  it.each([
    ["JSON Lines", jsonLines, "", `{"a": "${LONG}"}\n`],
    ["JSON", json, '[{"a": 1}', `,{"a": "${LONG}"}`],
    ["csv", csv, "a,b\n", `1,${LONG}\n`],
    ["csv of many columns", csv, `${"a,".repeat(60_000)}a\n`, `1${",".repeat(60_000)}\n`],
  ] as readonly (readonly [string, FormatOptions, string, string])[])("%s", async (...[, format, first, line]) => {
    const watch = watched("a", repeated(first, line, 100));
    const table = await format.table?.(watch.file);
    for await (const rows of table?.rows(ALL) ?? []) {
      expect(rows.length).toBeLessThan(6);
      break;
    }
    await table?.close?.();
    // Streams read a few chunks ahead.
    expect(watch.taken).toBeLessThan(30);
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch.isClosed).toBe(true);
  });
});

describe("a table that cannot be opened is closed", () => {
  it.each([
    [
      "JSON of too many columns",
      jsonLines,
      [`{${Array.from({ length: 100_001 }, (_, i) => `"${i}":0`).join()}}\n`, "{}\n"],
    ],
    ["an array without a header", numpy, [npy("(3,)", "<q9").toString("latin1"), "x"]],
    ["an array of too many columns", numpy, [npy("(3, 200000)", "<f8").toString("latin1"), "x"]],
  ] as const)("%s", async (_, format, chunks) => {
    const watch = watched("a", chunks);
    const stream = (): AsyncIterable<Uint8Array> => binary(watch.file.stream());
    await expect(format.table?.({ ...watch.file, stream })).rejects.toThrow();
    expect(watch.isClosed).toBe(true);
  });

  /** Latin-1 that was encoded as UTF-8. */
  async function* binary(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) yield Buffer.from(Buffer.from(chunk).toString(), "latin1");
  }
});

describe("small files that would take all memory are refused", () => {
  it.each([
    ["an axis of nothing", "a.npy", npy("(1, 30000000, 0)", "<f8"), "30000000 values"],
    ["items of nothing", "a.npy", npy("(1000000000000,)", "|V0"), "rows of no bytes"],
    ["records of lists of nothing", "a.npy", npy("(1,)", "[('a', '|V0', (30000000,))]"), "30000001 values"],
    ["axes without end", "a.npy", npy(`(${"1, ".repeat(1000)})`, "<f8"), "64 axes"],
    [
      "very many arrays",
      "a.npz",
      zipOf(Array.from({ length: 5000 }, (_, i) => ({ name: `${i}.npy`, content: npy("(0,)", "<f8") }))),
      "5000 arrays",
    ],
    [
      "attributes without end",
      "a.xlsx",
      workbookOf(`<row ${Array.from({ length: 2000 }, (_, i) => `a${i}=""`).join(" ")}></row>`),
      "1000 attributes",
    ],
    [
      "JSON nested without end",
      "a.jsonl",
      `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
      "line 1 is nested deeper",
    ],
    [
      "the same in an array",
      "a.json",
      `[{"a":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}]`,
      "element 1 is nested deeper",
    ],
    ["decimals without end", "a.arrow", decimals(1e8), "100000000 digits"],
    ["decimals before the point", "a.arrow", decimals(-3e6), "-3000000 digits"],
  ])("%s", async (...[, name, content, message]) => {
    // Refused when it is opened: to read it might not end.
    const entry = (await new Package().setBytes(name, Buffer.from(content))).entry(name);
    await expect(entry.schema()).rejects.toMatchObject({
      code: "ERR_T4_FORMAT",
      message: expect.stringContaining(message) as string,
    });
  });

  it("but not what has some of it", async () => {
    expect(await read("a.npy", npy("(2, 0)", "<f8"))).toEqual([{}, {}]);
    const deep = `${"[".repeat(800)}"["${"]".repeat(800)}`;
    expect(await read("a.jsonl", `{"a":${deep}}\n`)).toHaveLength(1);
    expect(await read("a.arrow", decimals(-3))).toEqual([{ d: "1000" }]);
  });

  it("decimals of Parquet, too", () => {
    const root = { name: "root", num_children: 1 };
    const decimal = { name: "d", type: "INT32", converted_type: "DECIMAL", precision: 5, scale: 100_000_000 } as const;
    expect(() => parquetColumns({ schema: [root, decimal] })).toThrow("100000000 digits");
  });
});

function decimals(scale: number): Uint8Array {
  const type = new Decimal(scale, 10, 128);
  const column = makeData({ type, length: 1, nullCount: 0, data: Uint32Array.of(1, 0, 0, 0) });
  const fields = [new Field("d", type, true)];
  const data = makeData({ type: new Struct(fields), length: 1, nullCount: 0, children: [column] });
  return tableToIPC(new ArrowTable([new RecordBatch(new Schema(fields), data)]), "file");
}

describe("a frame of Zstandard", () => {
  const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
  /** One byte, five times, as a block of its own and the last one. */
  const BLOCK = [(5 << 3) | 2 | 1, 0, 0, 0x61];
  const greedy = Buffer.from([...MAGIC, 0x00, 0xa0, ...BLOCK]);
  /** In one segment, with a checksum that nobody looks at. */
  const modest = Buffer.from([...MAGIC, 0x24, 5, ...BLOCK, 1, 2, 3, 4]);
  const skipped = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, ...MAGIC.slice(0, 3)]);

  it("that asks for more memory than 128 MiB is refused, wherever it stands, before anything is taken", async () => {
    for (const content of [greedy, Buffer.concat([modest, skipped, modest, greedy])])
      await expect(read("a.csv.zst", content)).rejects.toMatchObject({
        code: "ERR_T4_FORMAT",
        message: expect.stringContaining("a window of 1073741824 bytes") as string,
      });
  });

  it("is seen however the bytes are cut", async () => {
    const unpackerOf = await loadZstd();
    const bytes = Buffer.concat([modest, skipped, modest]);
    for (const size of [1, 2, 5, 100]) {
      const windows: string[] = [];
      const push = unpackerOf({
        onPart: (part) => void windows.push(Buffer.from(part).toString()),
        tooLarge: () => new Error(),
      });
      for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size), at + size >= bytes.length);
      expect(windows.join("")).toBe("aaaaaaaaaa");
      const greedyPush = unpackerOf({ onPart: () => undefined, tooLarge: (window) => new Error(`window ${window}`) });
      const all = Buffer.concat([bytes, greedy]);
      expect(() => {
        for (let at = 0; at < all.length; at += size) greedyPush(all.subarray(at, at + size), false);
      }).toThrow("window 1073741824");
    }
  });
});

describe("cells without a value", () => {
  it("of formulas that were never calculated are null, whatever they would be", async () => {
    const text = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
    const rows = `<row r="1">${text("A1", "a")}${text("B1", "sum")}${text("C1", "text")}</row>
      <row r="2"><c r="A2"><v>5</v></c><c r="B2"><f>A2+1</f><v></v></c><c r="C2" t="str"><f>""</f><v></v></c></row>
      <row r="3"><c r="A3"><v>6</v></c><c r="B3" t="b"><f>A3+1</f><v /></c><c r="C3" t="s"><v></v></c></row>`;
    expect(await read("a.xlsx", workbookOf(rows))).toEqual([
      { a: 5, sum: null, text: "" },
      { a: 6, sum: null, text: null },
    ]);
  });
});

describe("days that no Date reaches", () => {
  it("are counts of days", async () => {
    const days = new BigInt64Array([5n, 200_000_000_000n, -(2n ** 63n)]);
    const rows = await read("a.npy", Buffer.concat([npy("(3,)", "<M8[D]"), Buffer.from(days.buffer)]));
    expect(rows.map(({ value }) => value)).toEqual([new Date("1970-01-06"), 200_000_000_000n, null]);
  });
});
