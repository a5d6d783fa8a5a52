import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { BIN, Scratch } from "./scratch.js";

const CITIES = 'city,celsius,note\nOslo,21,"a ""b"", c"\nRome,30,\n';
const TABLE = "'alice/weather/cities.csv'";

describe("t4 sql", { timeout: 60_000 }, () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/cities.csv", CITIES);
    await scratch.publish("data", "registry", "First");
  });

  const copies = (): string[] => {
    const directory = scratch.path("home/.cache/T4/sql");
    return existsSync(directory) ? readdirSync(directory) : [];
  };
  const t4sql = (statement: string, ...options: readonly string[]) =>
    scratch.t4(["sql", statement, "--registry", "registry", ...options]);

  it("prints CSV into a pipe, in which no value and no characters are two things", () => {
    expect(t4sql(`from ${TABLE} order by city`)).toEqual({ code: 0, out: CITIES, err: "" });
    const { out } = t4sql(
      `select '' as empty, null as nothing, 'a\nb' as lines, [1, null] as list, '\\xFF'::blob as bytes`,
    );
    expect(out).toBe('empty,nothing,lines,list,bytes\n"",,"a\nb","[1,null]",/w==\n');
  });

  it("prints JSON with all digits", () => {
    const statement = `select city, 9223372036854775807 as big, 0.10::decimal(4,2) as price, 'nan'::double as odd, {a: [1]} as nested from ${TABLE} order by city`;
    const { out, code } = t4sql(statement, "--json");
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toBe(
      '[{"city":"Oslo","big":9223372036854775807,"price":"0.10","odd":"NaN","nested":{"a":[1]}},',
    );
    expect(JSON.parse(out)).toHaveLength(2);
    expect(t4sql(`from ${TABLE} where false`, "--json").out).toBe("[]\n");
  });

  it("writes a file, which is there whole or not at all", () => {
    expect(t4sql(`from ${TABLE} order by city`, "--output", "out.csv")).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(scratch.path("out.csv"), "utf8")).toBe(CITIES);
    t4sql("select 1::int as one", "--output", "out.json");
    expect(readFileSync(scratch.path("out.json"), "utf8")).toBe('[{"one":1}]\n');
    const late = `select case when range < 3000000 then range else error('late') end as x from range(3000001)`;
    expect(t4sql(late, "--output", "out.csv").code).not.toBe(0);
    expect(readFileSync(scratch.path("out.csv"), "utf8")).toBe(CITIES);
    expect(readdirSync(scratch.cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(t4sql("select 1", "--output", "absent/out.csv")).toMatchObject({
      code: 1,
      err: expect.stringContaining("hint"),
    });
    expect(copies()).toEqual([]);
  });

  it("knows the registry of the directory around the user", () => {
    expect(scratch.ok(["sql", `select count(*) as n from ${TABLE}`], "data")).toBe("n\n2\n");
  });

  it.each([
    [`select town from ${TABLE}`, 2, "describe"],
    ["from 'alice/weather/citis.csv'", 4, "Did you mean cities.csv?"],
    ["from read_csv('/etc/passwd')", 9, "reads packages and nothing else"],
    ["drop table x", 2, "Nothing can be changed"],
    [`select city::int from ${TABLE}`, 1, "Oslo"],
  ])("ends %s with %i and says what helps", (statement, code, hint) => {
    expect(t4sql(statement)).toMatchObject({ code, out: "", err: expect.stringContaining(hint) });
    const told = t4sql(statement, "--json");
    expect(told).toMatchObject({ code, out: "" });
    expect(JSON.parse(told.err)).toMatchObject({ error: { code: expect.stringMatching(/^ERR_T4_/) } });
  });

  it("says what to install where DuckDB is not", () => {
    cpSync(dirname(BIN), scratch.path("alone"), { recursive: true });
    const { code, err } = scratch.shell(`"${process.execPath}" alone/bin.cjs sql "select 1"`);
    expect(code).toBe(1);
    expect(err).toContain("npm install @duckdb/node-api");
    expect(err.trim().split("\n")).toHaveLength(2);
  });

  it("ends with 130 on Ctrl-C and leaves nothing behind; what was killed leaves its copies to the next", async () => {
    const endless = `select count(*) from ${TABLE}, range(1000000000000) t(i) where i % 7 = 3`;
    const run = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> => {
      const child = spawn(process.execPath, [BIN, "sql", endless, "--registry", "registry"], {
        cwd: scratch.cwd,
        env: scratch.env,
        stdio: "ignore",
      });
      const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
        child.on("close", (code, by) => resolve(code ?? by)),
      );
      const hasCopy = (): boolean =>
        copies().some((name) => existsSync(join(scratch.path("home/.cache/T4/sql"), name, "0.csv")));
      await vi.waitUntil(hasCopy, { timeout: 40_000, interval: 20 });
      child.kill(signal);
      return ended;
    };
    expect([130, "SIGINT"]).toContain(await run("SIGINT"));
    expect(copies()).toEqual([]);
    expect(await run("SIGKILL")).toBe("SIGKILL");
    expect(copies()).toHaveLength(1);
    expect(t4sql("select 1").code).toBe(0);
    expect(copies()).toEqual([]);
  });
});

describe("t4 export", { timeout: 60_000 }, () => {
  it("says what it added, as text and as JSON", async () => {
    const scratch = new Scratch();
    scratch.write("data/cities.csv", CITIES);
    await scratch.publish("data", "registry", "First");
    const argv = ["export", "registry", "tables", "--to", "parquet"];
    expect(scratch.t4([...argv, "--dry-run"])).toMatchObject({
      code: 0,
      err: expect.stringContaining("would get 1 new"),
    });
    expect(existsSync(scratch.path("tables"))).toBe(false);
    expect(scratch.t4(argv)).toMatchObject({ code: 0, out: "", err: expect.stringContaining("got 1 new revision;") });
    const report = JSON.parse(scratch.ok([...argv, "--json"]));
    expect(report).toMatchObject({ location: scratch.path("tables"), revisions: 1, added: 0 });
    expect(report.tables.package_entry).toBe(`file://${scratch.path("tables/package_entry")}`);
    const iceberg = ["export", "registry", "lake", "--to", "iceberg", "--json"];
    const { tables } = JSON.parse(scratch.ok(iceberg));
    expect(existsSync(new URL(tables.package_entry))).toBe(true);
    expect(scratch.t4(["export", "registry", "tables", "--to", "parket"])).toMatchObject({ code: 2 });
  });
});
