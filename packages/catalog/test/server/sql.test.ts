import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { SqlAnswer } from "#server/table-api.js";
import { push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
let catalog: TestCatalog;
let base: string;

beforeAll(async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},${i % 7}`).join("\n");
  const topHash = await push(
    { registry, name: "alice/a" },
    { "d/t.csv": `n,seven\n${rows}\n`, "other.csv": "secret\n1\n" },
  );
  catalog = testCatalog();
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/m/${topHash}/sql?path=`;
});

const ask = async (statement: unknown, path = "d/t.csv"): Promise<{ status: number; answer: unknown }> => {
  const response = await catalog.post(`${base}${encodeURIComponent(path)}`, { statement });
  return { status: response.status, answer: await response.json() };
};

describe("SQL on a file", () => {
  it("answers with columns, types and rows", async () => {
    expect(await ask("select seven, count(*) as many, sum(n) as sum from entry group by 1 order by 1 limit 2")).toEqual(
      {
        status: 200,
        answer: {
          columns: [
            { name: "seven", type: "BIGINT" },
            { name: "many", type: "BIGINT" },
            { name: "sum", type: "HUGEINT" },
          ],
          rows: [
            [0, 715, 1_786_785],
            [1, 715, 1_787_500],
          ],
          isWhole: true,
        },
      },
    );
  });

  it("gives at most 1,000 rows, and values that JSON has not as text", async () => {
    const { answer } = await ask("select * from entry");
    expect((answer as SqlAnswer).rows).toHaveLength(1000);
    expect(answer).toMatchObject({ isWhole: false });
    const odd =
      "select 170141183460469231731687303715884105727::hugeint as big, 'nan'::double as nan, '\\x00\\x01'::blob as bytes, [1, null] as list, null as n";
    expect((await ask(odd)).answer).toMatchObject({
      rows: [["170141183460469231731687303715884105727", "NaN", "2 bytes", "[1,null]", null]],
    });
  });

  it("describes all rows of each column", async () => {
    const { columns, rows } = (await ask("summarize entry")).answer as SqlAnswer;
    const at = (name: string): number => columns.findIndex((column) => column.name === name);
    expect(rows.map((row) => [row[at("column_name")], row[at("max")]])).toEqual([
      ["n", "4999"],
      ["seven", "6"],
    ]);
  });

  it.each([
    ["drop table entry", 400],
    ["select", 400],
    ["select * from nothing", 400],
    ["select * from read_csv('/etc/passwd')", 403],
    [7, 400],
  ])("%s is refused", async (statement, status) => {
    expect(await ask(statement)).toMatchObject({ status, answer: { code: expect.any(String) } });
  });

  it("is of one file: another of the same revision is no table", async () => {
    expect((await ask("select * from 'other.csv'")).status).toBeGreaterThanOrEqual(400);
    expect((await ask("select 1", "absent.csv")).status).toBe(404);
  });
});
