import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MakeDirectory, sortRows } from "#t4/content/sorted-rows.js";
import { BLOCK_BYTES, type KeyedRow, sizeOf, writeRun } from "#t4/content/sorted-run.js";
import { Package, type RowsDiffOptions, type TableChange, Timestamp } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

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

/** Makes directories below one, and tells which are there. */
function directories(): { readonly make: MakeDirectory; readonly there: () => string[]; readonly root: string } {
  const root = temporaryDirectory();
  return {
    root,
    there: () => readdirSync(root),
    make() {
      const path = mkdtempSync(join(root, "rows-"));
      return { path, remove: () => rmSync(path, { recursive: true }) };
    },
  };
}

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
    for (const name of ["a.json", "a.geojson", "a.jsonl"])
      expect(await changes(name, ["[1]", '{"a": [2]}']), name).toEqual([{ logicalKey: name, kind: "skipped" }]);
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
    const { make, there } = directories();
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 300 }), async (keys) => {
        const rows = keys.map((each, i): KeyedRow => ({ key: [each], row: { at: i, text: "x".repeat(20) } }));
        const [inMemory, onDisk] = await Promise.all(
          [1 << 30, 300].map(async (bytes) => {
            const sorted: KeyedRow[] = [];
            for await (const row of sortRows(from(rows), make, bytes)) sorted.push(row);
            return sorted;
          }),
        );
        expect(onDisk).toEqual(inMemory);
        expect(new Set(inMemory?.map(({ row }) => row["at"])).size).toBe(keys.length);
      }),
      { numRuns: 50 },
    );
    expect(there()).toEqual([]);
  });

  it("keeps all values on the way over the disk, and leaves nothing there when the loop ends early", async () => {
    const { make, there } = directories();
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
      make,
      1,
    )) {
      expect(sorted).toEqual({ key: [1], row });
      expect(sorted.row["at"]).toBeInstanceOf(Timestamp);
      expect(there()).toHaveLength(1);
      break;
    }
    expect(there()).toEqual([]);
  });

  const large = (at: number, bytes: number): KeyedRow => ({ key: [at % 7], row: { at, text: "x".repeat(bytes / 2) } });

  it("has few large rows side by side in memory", async () => {
    const path = join(temporaryDirectory(), "run");
    await writeRun(
      path,
      Array.from({ length: 50 }, (_, i) => large(i, 20 << 10)),
    );
    const file = readFileSync(path);
    for (let at = 0; at < file.length; ) {
      const length = file.readUInt32LE(at);
      expect(length).toBeLessThan(BLOCK_BYTES);
      at += 4 + length;
    }
  });

  it("merges so few files at once that one row of each fits, and writes no row more than some times", async () => {
    const { make, root, there } = directories();
    const rows = Array.from({ length: 64 * 4 }, (_, i) => large(i, BLOCK_BYTES));
    const sorted: unknown[] = [];
    for await (const { row } of sortRows(from(rows), make, 4 * sizeOf(large(0, BLOCK_BYTES)))) {
      sorted.push(row["at"]);
      // 64 files, of which 4 become one at each of 3 levels.
      if (sorted.length === 1) expect(readdirSync(join(root, there()[0] ?? ""))).toEqual(["run84"]);
    }
    const order = (at: number): number => (at % 7) * rows.length + at;
    expect(sorted).toEqual(rows.map(({ row }) => row["at"] as number).sort((a, b) => order(a) - order(b)));
  });
});
