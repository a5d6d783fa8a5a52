import { Package } from "t4";
import { describe, expect, it } from "vitest";
import { profile } from "../../render/table/profile.js";
import { rowsByColumn, rowsOfBar } from "../../render/table/rows-in-sql.js";
import { textTable } from "../../render/table/text-table.js";

const ROWS = 700;
/** Numbers, days, few texts, many texts of different lengths, truth values, and a name with quotes. */
const lines = Array.from({ length: ROWS }, (_, i) => ({
  n: (i * 37) % 101,
  day: new Date(Date.UTC(2025, 0, 1 + (i % 200))).toISOString().slice(0, 10),
  town: i % 3 === 0 ? 'it\'s "Oslo"' : "Rome",
  note: `${i} ${"x".repeat(i % 23)}`,
  flag: i % 2 === 0,
  'a "b"': i % 5 === 0 ? "y".repeat(250) : "z",
}));
const text = lines.map((line) => JSON.stringify(line)).join("\n");

describe("a bar above a column", () => {
  const table = textTable({ path: "a.jsonl", text, isWhole: true, bytesRead: text.length });

  it.each(table.columns.map((column, i) => [column.name, column.kind, i] as const))(
    "of %s selects in SQL the rows that it counts, each row in one bar",
    async (name, kind, i) => {
      const entry = (await new Package().setText("a.jsonl", text)).entry("a.jsonl");
      const values = (await table.rows(0, ROWS)).map((row) => row[i]);
      const { bars } = profile(values, kind);
      expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
      const counts = bars.map((bar, at) => `select ${at} as bar, count(*) as count from (${rowsOfBar(name, bar)})`);
      const rows = await (await entry.select(`${counts.join(" union all ")} order by bar`)).toArray();
      expect(rows.map(({ count }) => Number(count))).toEqual(bars.map(({ count }) => count));
    },
  );

  it("of a column in SQL: the greatest first", async () => {
    const entry = (await new Package().setText("a.jsonl", text)).entry("a.jsonl");
    const [first] = await (await entry.select(rowsByColumn("n"))).toArray();
    expect(first?.["n"]).toBe(100n);
  });
});
