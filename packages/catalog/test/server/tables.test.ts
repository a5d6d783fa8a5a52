import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RowComparison, TableProfile } from "#server/table-api.js";
import { push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
let catalog: TestCatalog;
let base: string;
let first: string;
let second: string;

const BEFORE = `id,town,warm,"o""ld"
1,Oslo,21,x
2,Rome,30.5,x
3,"it's ""here""",,x
4,Oslo,1,x
`;
const AFTER = `id,town,warm,"o""ld"
4,Oslo,1,x
2,Rome,31,x
3,"it's ""here""",,x
5,Bergen,18.5,x
`;
const DOUBLE = "a\nx\nx\ny\n";

beforeAll(async () => {
  const beside = { "lines.jsonl": '{"n":1}\n{"n":2}\n', "c.csv": "id,gone\n1,a\n", "none.csv": "a\n1\n" };
  first = await push({ registry, name: "alice/a" }, { "it's/a t.csv": BEFORE, "d.csv": DOUBLE, ...beside });
  second = await push(
    { registry, name: "alice/a" },
    {
      "it's/a t.csv": AFTER,
      "d.csv": "a\nx\nz\nz\n",
      "lines.jsonl": '{"n":1.0}\n{"n":3.5}\n',
      "c.csv": "id,came\n1,b\n",
      "none.csv": "b\n1\n",
    },
  );
  catalog = testCatalog();
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/m`;
});

const compare = async (path: string, ...keys: readonly string[]): Promise<RowComparison> => {
  const query = new URLSearchParams([["path", path], ...keys.map((key) => ["key", key])]);
  return catalog.json(`${base}/${second}/rows/${first}?${query}`);
};

describe("rows of two states of a table", () => {
  it("are compared by a key, over all of them", async () => {
    expect(await catalog.json(`${base}/${second}/rows/${first}?path=it's%2Fa%20t.csv&key=id`)).toEqual({
      columns: ["id", "town", "warm", 'o"ld'].map((name) => ({ name, standing: "same" })),
      key: ["id"],
      counts: { added: 1, removed: 1, modified: 1, same: 2 },
      rows: [
        { kind: "modified", before: ["2", "Rome", "30.5", "x"], after: ["2", "Rome", "31", "x"] },
        { kind: "removed", before: ["1", "Oslo", "21", "x"], after: null },
        { kind: "added", before: null, after: ["5", "Bergen", "18.5", "x"] },
      ],
    });
  });

  it("without a key, or with one that is in several rows, are the same or not, each as often as it is there", async () => {
    const whole = { key: [], counts: { added: 2, removed: 2, modified: 0, same: 1 } };
    expect(await compare("d.csv")).toMatchObject(whole);
    expect(await compare("d.csv", "a")).toMatchObject(whole);
  });

  it("are the same whether numbers are written with a point or not", async () => {
    expect((await compare("lines.jsonl", "n")).counts).toEqual({ added: 1, removed: 1, modified: 0, same: 1 });
  });

  it("show columns that came and went", async () => {
    expect(await compare("c.csv", "id")).toEqual({
      columns: [
        { name: "id", standing: "same" },
        { name: "came", standing: "added" },
        { name: "gone", standing: "removed" },
      ],
      key: ["id"],
      counts: { added: 0, removed: 0, modified: 1, same: 0 },
      rows: [{ kind: "modified", before: ["1", "", "a"], after: ["1", "b", ""] }],
    });
  });

  it("may be of files with different paths, in different packages", async () => {
    const other = await push({ registry, name: "alice/b" }, { "moved.csv": BEFORE });
    const query = `path=${encodeURIComponent("it's/a t.csv")}&of=alice%2Fb&from=moved.csv&key=id`;
    const { counts } = await catalog.json<RowComparison>(`${base}/${second}/rows/${other}?${query}`);
    expect(counts).toEqual({ added: 1, removed: 1, modified: 1, same: 2 });
  });

  it.each([
    ["none.csv", [], "no column in common"],
    ["d.csv", ["nothing"], "is not in both states"],
    ["d.csv", ['a" or 1=1 --'], "is not in both states"],
    ["absent.csv", [], "absent.csv"],
  ])("%s by %j is refused", async (path, keys, words) => {
    expect(await compare(path, ...keys)).toMatchObject({ message: expect.stringContaining(words) });
  });

  it("are counted, and the first thousand told", async () => {
    const rows = (from: number): string => Array.from({ length: 3000 }, (_, i) => `${from + i},x`).join("\n");
    const [old, now] = [0, 1500].map((from) => `n,x\n${rows(from)}\n`) as [string, string];
    const before = await push({ registry, name: "alice/c" }, { "t.csv": old });
    const after = await push({ registry, name: "alice/c" }, { "t.csv": now });
    const address = `${base.replace("alice/a", "alice/c")}/${after}/rows/${before}?path=t.csv&key=n`;
    const found = await catalog.json<RowComparison>(address);
    expect(found.counts).toEqual({ added: 1500, removed: 1500, modified: 0, same: 1500 });
    expect(found.rows).toHaveLength(1000);
    expect(found.rows[1]?.before).toEqual(["1", "x"]);
  });
});

describe("the description of a table", () => {
  it("is of all rows: numbers, dates and texts, with what is empty", async () => {
    const days = Array.from(
      { length: 40_000 },
      (_, i) => `${i},${i < 20_000 ? "2025-01-01" : "2025-12-31"},t${i % 2},`,
    );
    const topHash = await push(
      { registry, name: "alice/p" },
      { "p.csv": `n,day,town,"it's ""one"""\n${days.join("\n")}\n40000,,,\n` },
    );
    const url = `${base.replace("alice/a", "alice/p")}/${topHash}/profile?path=p.csv`;
    const { rows, columns } = await catalog.json<TableProfile>(url);
    expect(rows).toBe(40_001);
    expect(columns.map(({ name, kind, empty }) => [name, kind, empty])).toEqual([
      ["n", "number", 0],
      ["day", "date", 1],
      ["town", "text", 1],
      ['it\'s "one"', "text", 40_001],
    ]);
    const [n, day, town, nothing] = columns;
    expect(n).toMatchObject({ low: 0, high: 40_000, bars: [...Array<number>(15).fill(2500), 2501], values: null });
    expect(day).toMatchObject({ low: Date.UTC(2025, 0, 1), high: Date.UTC(2025, 11, 31) });
    expect(day?.bars).toEqual([20_000, ...Array<number>(14).fill(0), 20_000]);
    expect(town).toMatchObject({
      values: 2,
      common: [
        { value: "t0", count: 20_000 },
        { value: "t1", count: 20_000 },
      ],
    });
    expect(nothing).toMatchObject({ low: null, bars: [], values: 0, common: [] });
  });

  it("holds for values of one size, for truth values, lists and large integers", async () => {
    const lines = [true, false, true].map((flag) => `{"same":5,"flag":${flag},"list":[1,2],"big":9007199254740993}`);
    const topHash = await push({ registry, name: "alice/q" }, { "t.jsonl": lines.join("\n") });
    const { columns } = await catalog.json<TableProfile>(
      `${base.replace("alice/a", "alice/q")}/${topHash}/profile?path=t.jsonl`,
    );
    const [same, flag, list] = columns;
    expect(same).toMatchObject({ kind: "number", low: 5, high: 5, bars: [3, ...Array<number>(15).fill(0)] });
    const common = [
      { value: "true", count: 2 },
      { value: "false", count: 1 },
    ];
    expect(flag).toMatchObject({ kind: "text", values: 2, common });
    expect(list).toMatchObject({ kind: "text", common: [{ value: "[1, 2]", count: 3 }] });
    expect(columns.map(({ empty }) => empty)).toEqual([0, 0, 0, 0]);
  });

  it("of what is no table is refused", async () => {
    const topHash = await push({ registry, name: "alice/n" }, { "n.txt": "no table" });
    const response = await catalog.get(`${base.replace("alice/a", "alice/n")}/${topHash}/profile?path=n.txt`);
    expect(response.status).toBe(501);
  });
});
