import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { Package, type SqlRow, sql } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

/** Statements that a stranger wrote, run by somebody who has secrets. */
describe("a stranger's statement", () => {
  let root: string;
  let registry: string;
  let outside: string;
  let home: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    outside = join(root, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "secret.csv"), "word\nhidden\n");
    home = join(root, "home");
    mkdirSync(home);
    const leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache"), HOME: home });
    await (await new Package().setText("a.csv", "x\n1\n")).push("alice/a", registry);
    return leave;
  });

  const rows = async (statement: string): Promise<SqlRow[]> => (await sql(statement, { registry })).toArray();

  it.each([
    "select * from read_csv('SECRET')",
    "select * from read_text('SECRET')",
    "select * from read_blob('SECRET')",
    "select * from read_json('SECRET')",
    "select * from read_parquet('SECRET')",
    "select * from parquet_metadata('SECRET')",
    "select * from sniff_csv('SECRET')",
    "select * from glob('SECRET')",
    "from 'alice/a/a.csv' where exists (from read_text('SECRET'))",
    "with t as materialized (from read_text('SECRET')) from t",
    "select (select content from read_text('SECRET')) from 'alice/a/a.csv'",
    "from query('from read_text(''SECRET'')')",
    "from query_table('SECRET')",
    "from json_execute_serialized_sql(json_serialize_sql('from read_text(''SECRET'')'))",
  ])("reads no file beside the packages: %s", async (statement) => {
    const secret = join(outside, "secret.csv");
    await expect(rows(statement.replace("SECRET", secret))).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_T4_(UNSAFE|USAGE)$/),
    });
  });

  it("reads no file of the system by its name as a table", async () => {
    await expect(rows(`from '${join(outside, "secret.csv")}'`)).rejects.toMatchObject({ code: "ERR_T4_INVALID_NAME" });
    await expect(rows("from 'secret.csv'")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(rows("from 'http://127.0.0.1:9/x.csv'")).rejects.toThrow();
    await expect(rows("from read_csv('http://127.0.0.1:9/x.csv')")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(rows("from read_csv('s3://bucket/x.csv')")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it.each([
    "copy (select 1) to 'OUT'",
    "export database 'OUT'",
    "attach 'OUT' as other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set allowed_directories = ['/']",
    "create secret (type s3)",
    "create macro f() as 1",
    "call enable_logging()",
    "checkpoint",
    "prepare p as select 1",
    "explain analyze select 1",
    "select 1; copy (select 1) to 'OUT'",
  ])("does nothing but read: %s", async (statement) => {
    await expect(rows(statement.replace("OUT", join(outside, "out")))).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    expect(existsSync(join(outside, "out"))).toBe(false);
  });

  it("finds no setting open and no extension loaded that is not in the library", async () => {
    const [settings] = await rows(`select current_setting('enable_external_access') as access,
      current_setting('lock_configuration') as locked, current_setting('autoload_known_extensions') as autoload,
      current_setting('autoinstall_known_extensions') as autoinstall, current_setting('allow_community_extensions') as community`);
    expect(settings).toEqual({ access: false, locked: true, autoload: false, autoinstall: false, community: false });
    await expect(rows("from duckdb_extensions()")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(rows("from st_read('x')")).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    expect(readdirSync(home)).toEqual([]);
  });

  it("sees copies of the package's files, which nobody else can change, and no others", async () => {
    const [{ n } = { n: 0 }] = await rows("select count(*) as n from 'alice/a/a.csv'");
    expect(n).toBe(1n);
    const own = await rows("from 'alice/a/a.csv', glob(current_setting('temp_directory') || '/../*')").catch(
      (error) => error,
    );
    expect(own).toMatchObject({ code: "ERR_T4_UNSAFE" });
  });
});
