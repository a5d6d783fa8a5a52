import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { exportRegistry, openRegistry, Package } from "#t4/index.js";
import { currentProcess } from "#t4/store/file/holder.js";
import { sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";

describe("exportRegistry", () => {
  let root: string;
  let registry: string;
  let dest: string;

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    dest = join(root, "out/tables");
    const leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
    await push("alice/a", { "a.txt": "a" }, "First");
    return leave;
  });

  async function push(name: string, files: Readonly<Record<string, string>>, message: string): Promise<string> {
    const pkg = new Package().setMeta({ id: 12345678901234567890n });
    for (const [key, text] of Object.entries(files)) await pkg.setText(key, text, { meta: { unit: "K" } });
    return pkg.push(name, registry, { message });
  }
  /** What another engine reads. */
  const read = async (statement: string): Promise<unknown[][]> => {
    const connection = await (await DuckDBInstance.create()).connect();
    const files = statement.replaceAll(/package_\w+/g, (table) => `read_parquet('${dest}/${table}/*.parquet')`);
    return (await connection.runAndReadAll(files)).getRowsJson();
  };
  const files = (table: string): string[] => readdirSync(join(dest, table)).sort();
  const state = (table: string): string[] =>
    files(table).map((name) => `${name} ${statSync(join(dest, table, name)).mtimeMs}`);

  it("writes what every engine reads, with Quilt's names", async () => {
    const registryOf = await openRegistry(registry);
    await registryOf.tag("alice/a", "v1");
    expect(await exportRegistry(dest, { registry })).toEqual({ directory: dest, revisions: 1, added: 1 });
    const joined =
      await read(`select t.pkg_name, t.tag_name, message, m.metadata, m.entries, e.logical_key, e.size, e.hash.type, e.metadata
      from package_tag t join package_manifest m using (top_hash) join package_entry e using (top_hash) order by tag_name`);
    const row = ["First", '{"id": 12345678901234567890}', "1", "a.txt", "1", "sha2-256-chunked", '{"unit": "K"}'];
    expect(joined).toEqual([
      ["alice/a", "latest", ...row],
      ["alice/a", "v1", ...row],
    ]);
    const types = await read("select column_name, column_type from (describe from package_revision)");
    expect(types).toEqual([
      ["pkg_name", "VARCHAR"],
      ["timestamp", "TIMESTAMP WITH TIME ZONE"],
      ["top_hash", "VARCHAR"],
    ]);
  });

  it("adds only what is new, and forgets the names of what was taken out", async () => {
    await exportRegistry(dest, { registry });
    const before = state("package_entry");
    const second = await push("alice/a", { "b.txt": "bb" }, "Second");
    await push("bob/b", { "c.txt": "c" }, "Other");
    expect(await exportRegistry(dest, { registry, dryRun: true })).toMatchObject({ revisions: 3, added: 2 });
    expect(state("package_entry")).toEqual(before);
    expect(await exportRegistry(dest, { registry })).toMatchObject({ revisions: 3, added: 2 });
    expect(state("package_entry")).toHaveLength(2);
    expect(state("package_entry")).toEqual(expect.arrayContaining(before));
    expect(await exportRegistry(dest, { registry })).toMatchObject({ added: 0 });
    expect(files("package_entry")).toHaveLength(2);
    expect(await read("select count(*), count(distinct top_hash) from package_manifest")).toEqual([["3", "3"]]);
    expect(await read("select count(*) from package_entry")).toEqual([["3"]]);
    await (await openRegistry(registry)).deleteRevision("alice/a", second);
    await (await openRegistry(registry)).deletePackage("bob/b");
    expect(await exportRegistry(dest, { registry })).toMatchObject({ revisions: 1, added: 0 });
    expect(await read("select pkg_name, tag_name from package_tag")).toEqual([["alice/a", "latest"]]);
    expect(await read("select count(*) from package_revision")).toEqual([["1"]]);
  });

  it("has tables, without rows, of a registry without packages", async () => {
    await (await openRegistry(registry)).deletePackage("alice/a");
    for (let i = 0; i < 2; i++)
      expect(await exportRegistry(dest, { registry })).toMatchObject({ revisions: 0, added: 0 });
    for (const table of ["package_revision", "package_tag", "package_manifest", "package_entry"]) {
      expect(files(table)).toHaveLength(1);
      expect(await read(`select count(*) from ${table}`)).toEqual([["0"]]);
    }
  });

  it("goes on after one that was killed at any moment", async () => {
    await exportRegistry(dest, { registry });
    const [part = ""] = files("package_entry");
    const whole = readFileSync(join(dest, "package_entry", part));
    // Killed before the manifests had their name, and while a file was written.
    writeFileSync(join(dest, "package_entry/5c3f7c1e-0000-4000-8000-000000000000.parquet"), whole);
    writeFileSync(join(dest, "package_manifest/.5c3f7c1e-0000-4000-8000-000000000000.tmp"), "half");
    writeFileSync(join(dest, ".t4-export"), sealRecord({ ...currentProcess(), pid: 2 ** 22 + 1, start: "1" }));
    await push("bob/b", { "c.txt": "c" }, "Other");
    expect(await exportRegistry(dest, { registry })).toMatchObject({ added: 1 });
    expect(await read("select count(*) from package_entry")).toEqual([["2"]]);
    expect(files("package_entry")).toEqual(files("package_manifest"));
    expect(existsSync(join(dest, ".t4-export"))).toBe(false);
  });

  it("lets one write at a time", async () => {
    await exportRegistry(dest, { registry });
    writeFileSync(join(dest, ".t4-export"), sealRecord(currentProcess()));
    await expect(exportRegistry(dest, { registry })).rejects.toMatchObject({ code: "ERR_T4_BUSY" });
    expect(existsSync(join(dest, ".t4-export"))).toBe(true);
  });

  it("leaves an export as it was when a manifest is damaged, or when it is aborted", async () => {
    await exportRegistry(dest, { registry });
    const before = ["package_revision", "package_tag", "package_manifest", "package_entry"].map(state);
    const second = await push("alice/a", { "b.txt": "bb" }, "Second");
    const reason = new Error("Enough.");
    await expect(exportRegistry(dest, { registry, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const manifest = join(registry, ".quilt/packages", second);
    rmSync(manifest);
    writeFileSync(manifest, '{"version": "v0", "message": "forged"}\n');
    await expect(exportRegistry(dest, { registry })).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(["package_revision", "package_tag", "package_manifest", "package_entry"].map(state)).toEqual(before);
  });

  it("takes folders and nothing else", async () => {
    await expect(exportRegistry("s3://bucket/x", { registry })).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
  });
});
