import { describe, expect, it } from "vitest";
import { profile } from "../../render/table/profile.js";
import { textTable } from "../../render/table/text-table.js";

const read = (path: string, text: string, isWhole = true) => textTable({ path, text, isWhole, bytesRead: text.length });

describe("a table as text", () => {
  it("is CSV with quotes, lines in cells and a mark of the byte order", async () => {
    const table = read("a.csv", '\ufeff"n","a ""b"""\r\n1,"x\ny"\r\n\r\n-2.5e3,\r\n');
    expect(table.columns).toEqual([
      { name: "n", kind: "number" },
      { name: 'a "b"', kind: "text" },
    ]);
    expect(await table.rows(0, 9)).toEqual([
      ["1", "x\ny"],
      ["-2.5e3", ""],
    ]);
  });

  it("is TSV by its name, whatever commas it holds", async () => {
    expect(await read("a.tsv", "a,b\tc\n1,2\t3\n").rows(0, 1)).toEqual([["1,2", "3"]]);
  });

  it("is lines of JSON: members are columns, and what is no object is shown as it stands", async () => {
    const table = read("a.jsonl", '{"a":1,"b":{"x":1}}\n{"b":2,"__proto__":3}\n[1]\nno json\n');
    expect(table.columns.map(({ name }) => name)).toEqual(["a", "b", "__proto__", "value", "line that is no JSON"]);
    expect(await table.rows(0, 4)).toEqual([
      [1, { x: 1 }, undefined, undefined, undefined],
      [undefined, 2, 3, undefined, undefined],
      [undefined, undefined, undefined, [1], undefined],
      [undefined, undefined, undefined, undefined, "no json"],
    ]);
  });

  it("of which only a part was read has no row that was cut off", async () => {
    expect(read("a.csv", "a\n1\n2\n3", false).count).toBe(2);
    expect(read("a.jsonl", '{"a":1}\n{"a":', false).count).toBe(1);
  });

  it("knows dates, truth values and empty columns", () => {
    const text = '{"d":"2025-01-31","t":true,"e":null,"m":"x"}\n{"d":"2025-02-01T10:00:00Z","t":false,"e":"","m":1}\n';
    expect(read("a.ndjson", text).columns.map(({ kind }) => kind)).toEqual(["date", "boolean", "text", "text"]);
  });

  it("of which each row has a column of its own costs what is in it, and says how many columns there are", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => JSON.stringify({ id: i, [`k${i}`]: i }));
    const table = read("a.jsonl", lines.join("\n"));
    expect([table.columns.length, table.width, table.count]).toEqual([1000, 30_001, 30_000]);
    expect(await table.rows(998, 999)).toEqual([[998, ...Array<undefined>(998).fill(undefined), 998]]);
    const head = read("a.csv", `${",".repeat(100_000)}\n1,2\n`);
    expect([head.columns.length, head.width, await head.rows(0, 1)]).toEqual([1000, 100_001, [["1", "2"]]]);
  });

  it("without anything has no columns", () => expect(read("a.csv", "").columns).toEqual([]));
});

describe("the description of a column", () => {
  it("counts numbers by size", () => {
    const { bars, empty, summary } = profile(["0", 1, 2, 2, "", null, undefined, 16], "number");
    expect(bars).toHaveLength(16);
    expect(bars.map(({ count }) => count)).toEqual([1, 1, 2, ...Array<number>(12).fill(0), 1]);
    expect({ empty, summary }).toEqual({ empty: 3, summary: "0 … 16" });
  });

  it("counts the commonest texts, and says how many there are", () => {
    expect(profile(["b", "a", "b"], "text")).toMatchObject({
      bars: [
        { label: "b", count: 2 },
        { label: "a", count: 1 },
      ],
      summary: "2 values",
    });
    const names = Array.from({ length: 600 }, (_, i) => `name ${i}`);
    expect(profile(names, "text").summary).toBe("all different");
  });

  it("holds for columns of one value, of none, and of numbers that are not finite", () => {
    expect(profile([5, 5], "number").summary).toBe("always 5");
    expect(profile([null, ""], "text")).toMatchObject({ bars: [], empty: 2, summary: "empty" });
    expect(profile([Number.NaN, Infinity], "number").summary).toBe("no finite value");
    expect(profile(["x", "x"], "text").summary).toBe("always the same");
  });

  it("shows dates by their day, and BigInts as numbers", () => {
    expect(profile(["2025-01-01", "2025-12-31"], "date").summary).toBe("2025-01-01 … 2025-12-31");
    const times = ["2025-01-01T10:30:00Z", "2025-01-01T12:00:00Z"];
    expect(profile(times, "date").summary).toBe("2025-01-01 10:30 … 2025-01-01 12:00");
    expect(profile([1n, 3n], "number").summary).toBe("1 … 3");
  });
});
