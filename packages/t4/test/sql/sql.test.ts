import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { Package, type Progress, type SqlRow, sql } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const CITIES = "city,celsius\nOslo,21\nRome,30\n";

describe("sql", () => {
  let root: string;
  let registry: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    const leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
    const pkg = await new Package().setText("cities.csv", CITIES);
    await pkg.push("alice/weather", registry, { message: "First" });
    return leave;
  });

  /** What is in the directory of files for statements that run. */
  const copies = (): string[] => {
    const directory = join(root, "cache/T4/sql");
    return existsSync(directory) ? readdirSync(directory) : [];
  };
  const rows = async (statement: string, options = {}): Promise<SqlRow[]> =>
    (await sql(statement, { registry, ...options })).toArray();
  const publish = async (name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
    const pkg = new Package();
    for (const [key, content] of Object.entries(files)) {
      if (typeof content === "string") await pkg.setText(key, content);
      else await pkg.setBytes(key, content);
    }
    return pkg.push(name, registry, { message: "More" });
  };

  it("reads files of several packages and revisions in one statement", async () => {
    const first = (await Package.browse("alice/weather", { registry })).topHash();
    await publish("alice/weather", { "cities.csv": "city,celsius\nOslo,5\n" });
    await publish("bob/geo", { "deep/pop.jsonl": '{"city":"Oslo","pop":7}\n' });
    const statement = `select pop, now.celsius as now, before.celsius as before
      from 'alice/weather/cities.csv' as now
      join 'alice/weather@${first.slice(0, 12)}/cities.csv' as before using (city)
      join 'bob/geo/deep/pop.jsonl' using (city)`;
    expect(await rows(statement)).toEqual([{ pop: 7n, now: 5n, before: 21n }]);
  });

  it.each([
    ["a.tsv", "x\ty\n1\t2\n"],
    ["a.json", '[{"x":1,"y":2}]'],
    ["a.ndjson", '{"x":1,"y":2}\n'],
    ["A.CSV.gz", gzipSync("x,y\n1,2\n")],
    ["a.jsonl.gz", gzipSync('{"x":1,"y":2}\n')],
    ["it's.csv", "x,y\n1,2\n"],
  ])("reads %s", async (key, content) => {
    await publish("bob/files", { [key]: content });
    expect(await rows(`select * from "bob/files/${key}"`)).toEqual([{ x: 1n, y: 2n }]);
  });

  it("says how a file of another kind, or one that is not what its ending says, is no table", async () => {
    await publish("bob/files", { "a.txt": "x", "b.parquet": "nothing of it", "c.parquet.gz": gzipSync("x") });
    await expect(rows("from 'bob/files/a.txt'")).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await expect(rows("from 'bob/files/c.parquet.gz'")).rejects.toMatchObject({
      code: "ERR_T4_FORMAT",
      message: expect.stringContaining('"c.parquet"'),
    });
    await expect(rows("from 'bob/files/b.parquet'")).rejects.toMatchObject({
      code: "ERR_T4_FORMAT",
      message: expect.stringMatching(/^[^/]*'bob\/files\/b\.parquet'/),
    });
    expect(copies()).toEqual([]);
  });

  it("gives values without rounding them", async () => {
    const [row] =
      await rows(`select 9223372036854775807 as big, 2::hugeint ** 100 as power, 0.10::decimal(18,2) as price,
      date '2024-02-29' as day, timestamp '2024-02-29 01:02:03.123456' as moment, date 'infinity' as never,
      timestamptz '2024-02-29 01:02:03.5+02' as zoned, '\\x00\\xFF'::blob as bytes, [1, null] as list,
      {'constructor': 1::int, b: [date '2024-01-01']} as struct, map {'k': 1.5::decimal(3,1)} as map, null as nothing,
      0.5::double as half, true as yes, uuid '00000000-0000-0000-0000-000000000001' as id`);
    expect(row).toMatchObject({
      big: 9223372036854775807n,
      price: "0.10",
      day: "2024-02-29",
      moment: "2024-02-29 01:02:03.123456",
      never: "infinity",
      zoned: "2024-02-28 23:02:03.5+00",
      list: [1, null],
      map: [{ key: "k", value: "1.5" }],
      nothing: null,
      half: 0.5,
      yes: true,
      id: "00000000-0000-0000-0000-000000000001",
    });
    expect(row?.["bytes"]).toEqual(Uint8Array.of(0, 255));
    expect(Object.entries(row?.["struct"] ?? {})).toEqual([
      ["constructor", 1],
      ["b", ["2024-01-01"]],
    ]);
    const odd = await (await sql(`select 1::int as "__proto__"`)).toArray();
    expect(Object.entries(odd[0] ?? {})).toEqual([["__proto__", 1]]);
    // The engine's library would lose it.
    await expect(rows("select {'__proto__': 1} as struct")).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
  });

  it("names columns with their types, the second of a name with a number", async () => {
    const result = await sql("select 1::int as n, 'x' as n, 1.5::decimal(4,2) as d");
    expect(result.columns).toEqual([
      { name: "n", type: "INTEGER" },
      { name: "n_1", type: "VARCHAR" },
      { name: "d", type: "DECIMAL(4,2)" },
    ]);
    expect(await result.toArray()).toEqual([{ n: 1, n_1: "x", d: "1.50" }]);
  });

  it("gives the rows in the order that was asked for, and all of them or an error", async () => {
    const result = await sql("select i, i % 10 as digit from range(100000) t(i) order by digit, i desc", { registry });
    let [seen, before] = [0, 100_000n];
    for await (const { i, digit } of result) {
      if (digit === 0n) expect(Number(i)).toBeLessThan(Number(before));
      if (digit === 0n) before = i as bigint;
      seen++;
    }
    expect(seen).toBe(100_000);
    const late = "select case when i < 300000 then i else error('late') end as x from range(300001) t(i)";
    await expect(rows(late)).rejects.toMatchObject({ code: "ERR_T4_FORMAT", message: "late." });
  });

  it.each([
    "select ';' as x",
    "select ';' as x;",
    "select ';' as x; -- a ; comment",
    "select ';' as x /* ; */ ; /* ; */ ;",
    "select ';' as x -- ;",
    "select ';' as x where '; --' <> ''",
  ])("takes a statement with its end: %s", async (statement) => {
    expect(await rows(statement)).toEqual([{ x: ";" }]);
  });

  it.each(["describe", "summarize"])("can %s a table", async (verb) => {
    const described = await rows(`${verb} 'alice/weather/cities.csv';`);
    expect(described.map((row) => row["column_name"])).toEqual(["city", "celsius"]);
  });

  it("takes values from outside as values", async () => {
    const parameters = ["'; select 1 --", 20n, null];
    const [row] = await rows(
      "select $1 as text, count(*) as warm, $3 is null as isNull from 'alice/weather/cities.csv' where celsius > $2",
      { parameters },
    );
    expect(row).toEqual({ text: parameters[0], warm: 2n, isNull: true });
  });

  it("verifies what it reads, of local registries too", async () => {
    const objects = readdirSync(join(registry, ".quilt/t4/objects"), { recursive: true, encoding: "utf8" });
    const object = objects.find((name) => name.endsWith(".csv")) ?? "";
    writeFileSync(join(registry, ".quilt/t4/objects", object), CITIES.replace("21", "99"));
    await expect(rows("from 'alice/weather/cities.csv'")).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(copies()).toEqual([]);
  });

  it("keeps copies while rows are read, and removes them at the end, when the loop is left, and on close", async () => {
    for await (const _ of await sql("from 'alice/weather/cities.csv'", { registry })) {
      expect(copies()).toHaveLength(1);
      break;
    }
    expect(copies()).toEqual([]);
    const unread = await sql("from 'alice/weather/cities.csv'", { registry });
    expect(copies()).toHaveLength(1);
    await unread.close();
    expect(copies()).toEqual([]);
    await unread.close();
    expect(await unread.toArray()).toEqual([]);
  });

  it("ends at once when it is aborted, with the reason", async () => {
    const reason = new Error("Enough.");
    // Also just before DuckDB begins.
    for (const delayMs of [0, 1, 2, 5, 10, 20, 50]) {
      const counting = new AbortController();
      const counted = rows("select count(*) as n from range(1000000000000) t(i) where i % 7 = 3", {
        signal: counting.signal,
      });
      setTimeout(() => counting.abort(reason), delayMs);
      await expect(counted).rejects.toBe(reason);
    }
    const reading = new AbortController();
    const result = await sql("select * from 'alice/weather/cities.csv', range(100000)", {
      registry,
      signal: reading.signal,
    });
    let seen = 0;
    const read = async (): Promise<void> => {
      for await (const _ of result) if (seen++ === 10_000) reading.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(copies()).toEqual([]);
    await expect(rows("select 1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("tells how far it is: what is copied, then what is computed of it", async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => i).join("\n");
    const size = `n\n${numbers}\n`.length;
    await publish("bob/numbers", { "n.csv": `n\n${numbers}\n` });
    const seen: Progress[] = [];
    const enough = new AbortController();
    const onProgress = (progress: Progress): void => {
      seen.push(progress);
      if (progress.phase === "query" && progress.bytesDone > 0) enough.abort(new Error("Enough."));
    };
    const endless =
      "select sum(a.n * b.n + c.n) from 'bob/numbers/n.csv' a, 'bob/numbers/n.csv' b, 'bob/numbers/n.csv' c";
    await expect(rows(endless, { onProgress, signal: enough.signal })).rejects.toThrow("Enough.");
    expect(seen.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual(["copy", "query"]);
    const [copied, begun] = [
      seen.findLast(({ phase }) => phase === "copy"),
      seen.find(({ phase }) => phase === "query"),
    ];
    expect(copied).toEqual({ phase: "copy", filesDone: 1, filesTotal: 1, bytesDone: size, bytesTotal: size });
    expect(begun).toEqual({ phase: "query", filesDone: 0, filesTotal: 1, bytesDone: 0, bytesTotal: size });
    expect(seen.at(-1)?.bytesDone).toBeLessThanOrEqual(size);
  });

  it.each([
    ["select city from 'alice/weather/citis.csv'", "ERR_T4_NOT_FOUND", /citis/],
    ["select city from 'alice/nothing/cities.csv'", "ERR_T4_NOT_FOUND", /alice\/nothing/],
    ["select city from 'alice/weather'", "ERR_T4_USAGE", /no file/],
    ["select town from 'alice/weather/cities.csv'", "ERR_T4_USAGE", /town/],
    ["select city::int from 'alice/weather/cities.csv'", "ERR_T4_FORMAT", /Oslo/],
    ["from 'alice/weather/cities.csv' a, 'alice/weather/CITIES.csv' b", "ERR_T4_USAGE", /one name/],
    ["from cities", "ERR_T4_USAGE", /cities/],
    ["selekt 1", "ERR_T4_USAGE", /selekt/],
    ["", "ERR_T4_USAGE", /one statement/],
    ["select 1; select 2", "ERR_T4_USAGE", /one statement/],
    ["create table x as select 1", "ERR_T4_USAGE", /one statement/],
    ["select $1", "ERR_T4_FORMAT", /parameter/],
  ])("tells what is wrong with %s", async (statement, code, message) => {
    await expect(rows(statement)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(copies()).toEqual([]);
  });
});
