import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KeyedRow, sortRows } from "#t4/content/sorted-rows.js";
import { Package, type RowsDiffOptions, type TableChange, Timestamp } from "#t4/index.js";

async function changes(
  name: string,
  sides: readonly [string | Uint8Array, string | Uint8Array],
  options: Omit<RowsDiffOptions, "rows"> = {},
): Promise<TableChange[]> {
  const [before, after] = await Promise.all(sides.map((side) => new Package().setBytes(name, Buffer.from(side))));
  const found: TableChange[] = [];
  if (before === undefined || after === undefined) throw new Error("two sides");
  for await (const change of before.diff(after, { rows: true, ...options })) found.push(change);
  return found;
}

const temporaryFiles = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("t4-rows-"));

describe("rows that differ", () => {
  const OLD = "id,city,celsius\n10,Oslo,20\n9,Bergen,18\n8,Hamar,1\n";
  const NOW = "id,celsius,city\n9,18,Bergen\n7,3,Bod\u00f8\n10,21,Oslo\n";

  it("are told by their key, cell by cell", async () => {
    expect(await changes("a.csv", [OLD, NOW], { key: ["id"] })).toEqual([
      {
        logicalKey: "a.csv",
        kind: "changed",
        key: { id: "10" },
        before: { id: "10", city: "Oslo", celsius: "20" },
        after: { id: "10", city: "Oslo", celsius: "21" },
        columns: ["celsius"],
      },
      { logicalKey: "a.csv", kind: "added", key: { id: "7" }, row: { id: "7", celsius: "3", city: "Bod\u00f8" } },
      { logicalKey: "a.csv", kind: "removed", key: { id: "8" }, row: { id: "8", city: "Hamar", celsius: "1" } },
    ]);
  });

  it("are rows that one side has more often, without a key", async () => {
    const found = await changes("a.jsonl", ['{"a":1}\n{"a":1}\n{"b":null,"c":[1]}', '{"c":[1]}\n{"a":1}\n{"a":2}']);
    expect(found.filter(({ kind }) => kind !== "columns")).toEqual([
      { logicalKey: "a.jsonl", kind: "removed", key: { a: 1 }, row: { a: 1 } },
      { logicalKey: "a.jsonl", kind: "added", key: { a: 2 }, row: { a: 2 } },
    ]);
  });

  it("may have other columns", async () => {
    const found = await changes("a.csv", ["id,a\n1,x\n", "id,b\n1,y\n"], { key: ["id"] });
    expect(found[0]).toMatchObject({ kind: "columns", added: [{ name: "b" }], removed: [{ name: "a" }] });
    expect(found[1]).toMatchObject({ kind: "changed", columns: ["b", "a"] });
  });

  it("need a key that there is, and that is unique", async () => {
    await expect(changes("a.csv", [OLD, NOW], { key: ["idd"] })).rejects.toMatchObject({ hint: "Did you mean id?" });
    await expect(changes("a.csv", [OLD, `${NOW}9,1,x\n`], { key: ["id"] })).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
      message: expect.stringContaining("id 9") as string,
    });
  });

  it("are of the files that are named; what is no table is said", async () => {
    expect(await changes("a.txt", ["1", "2"])).toEqual([{ logicalKey: "a.txt", kind: "skipped" }]);
    expect(await changes("d/a.csv", [OLD, NOW], { paths: ["e"] })).toEqual([]);
    expect(await changes("d/a.csv", [OLD, OLD], { paths: ["d"] })).toEqual([]);
  });

  it("end with the reason of a signal", async () => {
    const reason = new Error("enough");
    await expect(changes("a.csv", [OLD, NOW], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("sorting", () => {
  async function* from(rows: readonly KeyedRow[]): AsyncGenerator<KeyedRow> {
    yield* rows;
  }

  const key = fc.oneof(fc.integer(), fc.bigInt(), fc.double(), fc.string(), fc.constant(null), fc.date(), fc.boolean());

  it("gives the same on disk as in memory, whatever the keys are", async () => {
    const before = temporaryFiles();
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 300 }), async (keys) => {
        const rows = keys.map((each, i): KeyedRow => ({ key: [each], row: { at: i, text: "x".repeat(20) } }));
        const [inMemory, onDisk] = await Promise.all(
          [1 << 30, 300].map(async (bytes) => {
            const sorted: KeyedRow[] = [];
            for await (const row of sortRows(from(rows), bytes)) sorted.push(row);
            return sorted;
          }),
        );
        expect(onDisk).toEqual(inMemory);
        expect(new Set(inMemory?.map(({ row }) => row["at"])).size).toBe(keys.length);
      }),
      { numRuns: 50 },
    );
    expect(temporaryFiles()).toEqual(before);
  });

  it("keeps all values on the way over the disk, and leaves nothing there when the loop ends early", async () => {
    const before = temporaryFiles();
    const row = {
      at: new Timestamp(5, 7),
      map: new Map([["__proto__", 1n]]),
      bytes: Uint8Array.of(1, 2),
      ["__proto__"]: { nested: [new Timestamp(1, 1), null, Number.NaN] },
    };
    for await (const sorted of sortRows(
      from([
        { key: [2], row },
        { key: [1], row },
      ]),
      1,
    )) {
      expect(sorted).toEqual({ key: [1], row });
      expect(sorted.row["at"]).toBeInstanceOf(Timestamp);
      expect(temporaryFiles().length).toBe(before.length + 1);
      break;
    }
    expect(temporaryFiles()).toEqual(before);
  });
});
