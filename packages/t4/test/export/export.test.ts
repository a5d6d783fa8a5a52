import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ExportFormat, exportRegistry, openRegistry, Package } from "#t4/index.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";
import { ExportReader } from "./read-export.js";

const TABLES = ["package_revision", "package_tag", "package_manifest", "package_entry"] as const;
const CASES = (["parquet", "iceberg"] as const).flatMap((to) =>
  (["folder", "bucket"] as const).map((place) => ({ to, place })),
);

let buckets: ServedBuckets;
let count = 0;
beforeAll(async () => {
  buckets = await enterBuckets();
});
afterAll(() => buckets.close());

describe.each(CASES)("exportRegistry to $to in a $place", ({ to, place }) => {
  let registry: string;
  let dest: string;
  let reader: ExportReader;
  const options = (): { registry: string; to: ExportFormat } => ({ registry, to });

  beforeEach(async () => {
    const root = temporaryDirectory();
    registry = join(root, "registry");
    dest = place === "folder" ? join(root, "out/my tables") : `s3://plain/out/${++count}`;
    const leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
    await push("alice/a", { "a.txt": "a" }, "First");
    reader = await ExportReader.open(dest, to);
    return leave;
  });

  async function push(name: string, files: Readonly<Record<string, string>>, message: string): Promise<string> {
    const pkg = new Package().setMeta({ id: 12345678901234567890n });
    for (const [key, text] of Object.entries(files)) await pkg.setText(key, text, { meta: { unit: "K" } });
    return pkg.push(name, registry, { message });
  }

  it("writes what every engine reads, with Quilt's names", async () => {
    await (await openRegistry(registry)).tag("alice/a", "v1");
    const report = await exportRegistry(dest, options());
    expect(report).toMatchObject({ location: dest, revisions: 1, added: 1 });
    const joined =
      await reader.read(`select t.pkg_name, t.tag_name, message, m.metadata, m.entries, e.logical_key, e.size, e.hash.type, e.metadata
      from package_tag t join package_manifest m using (top_hash) join package_entry e using (top_hash) order by tag_name`);
    const row = ["First", '{"id": 12345678901234567890}', "1", "a.txt", "1", "sha2-256-chunked", '{"unit": "K"}'];
    expect(joined).toEqual([
      ["alice/a", "latest", ...row],
      ["alice/a", "v1", ...row],
    ]);
    const types = await reader.read("select column_name, column_type from (describe from package_revision)");
    expect(types).toEqual([
      ["pkg_name", "VARCHAR"],
      ["timestamp", "TIMESTAMP WITH TIME ZONE"],
      ["top_hash", "VARCHAR"],
    ]);
  });

  it("adds only what is new, and forgets the names of what was taken out", async () => {
    await exportRegistry(dest, options());
    const before = await reader.files("package_entry");
    const second = await push("alice/a", { "b.txt": "bb" }, "Second");
    await push("bob/b", { "c.txt": "c" }, "Other");
    expect(await exportRegistry(dest, { ...options(), dryRun: true })).toMatchObject({ revisions: 3, added: 2 });
    expect(await reader.files("package_entry")).toEqual(before);
    expect(await exportRegistry(dest, options())).toMatchObject({ revisions: 3, added: 2 });
    expect(await reader.files("package_entry")).toHaveLength(2);
    expect(await reader.files("package_entry")).toEqual(expect.arrayContaining(before));
    const state = await reader.state();
    expect(await exportRegistry(dest, options())).toMatchObject({ added: 0 });
    expect(await reader.state()).toEqual(state);
    expect(await reader.read("select count(*), count(distinct top_hash) from package_manifest")).toEqual([["3", "3"]]);
    expect(await reader.read("select count(*) from package_entry")).toEqual([["3"]]);
    await (await openRegistry(registry)).deleteRevision("alice/a", second);
    await (await openRegistry(registry)).deletePackage("bob/b");
    expect(await exportRegistry(dest, options())).toMatchObject({ revisions: 1, added: 0 });
    expect(await reader.read("select pkg_name, tag_name from package_tag")).toEqual([["alice/a", "latest"]]);
    expect(await reader.read("select count(*) from package_revision")).toEqual([["1"]]);
    expect(await reader.read("select count(*) from package_manifest")).toEqual([["3"]]);
  });

  it("has tables, without rows, of a registry without packages", async () => {
    await (await openRegistry(registry)).deletePackage("alice/a");
    expect(await exportRegistry(dest, { ...options(), dryRun: true })).toMatchObject({ added: 0 });
    expect(await reader.keys()).toEqual([]);
    for (let i = 0; i < 2; i++) expect(await exportRegistry(dest, options())).toMatchObject({ revisions: 0, added: 0 });
    for (const table of TABLES) {
      if (to === "parquet") expect(await reader.read(`select count(*) from ${table}`)).toEqual([["0"]]);
      else expect(await reader.metadata(table)).toMatchObject({ "format-version": 2 });
    }
  });

  it("lets several export to one place, each revision once", async () => {
    await push("bob/b", { "c.txt": "c" }, "Other");
    const reports = await Promise.all(Array.from({ length: 4 }, () => exportRegistry(dest, options())));
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(2);
    expect(await reader.read("select count(*), count(distinct top_hash) from package_manifest")).toEqual([["2", "2"]]);
    expect(await reader.read("select count(*), count(distinct top_hash) from package_entry")).toEqual([["2", "2"]]);
    expect(await reader.read("select count(*) from package_revision")).toEqual([["2"]]);
  });

  it("leaves an export as it was when a manifest is damaged, or when it is aborted", async () => {
    await exportRegistry(dest, options());
    const before = await reader.state();
    const second = await push("alice/a", { "b.txt": "bb" }, "Second");
    const reason = new Error("Enough.");
    await expect(exportRegistry(dest, { ...options(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const manifest = join(registry, ".quilt/packages", second);
    rmSync(manifest);
    writeFileSync(manifest, '{"version": "v0", "message": "forged"}\n');
    await expect(exportRegistry(dest, options())).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(await reader.state()).toEqual(before);
  });

  it("finds the revisions of a large part again", async () => {
    for (const name of ["bob/a", "bob/b", "bob/c"])
      await new Package().setMeta({ note: randomBytes(500_000).toString("base64") }).push(name, registry);
    expect(await exportRegistry(dest, options())).toMatchObject({ added: 4 });
    expect(await exportRegistry(dest, options())).toMatchObject({ added: 0 });
  });

  it("refuses a place that has tables of the other format", async () => {
    await exportRegistry(dest, options());
    const other = to === "iceberg" ? "parquet" : "iceberg";
    await expect(exportRegistry(dest, { registry, to: other })).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
  });
});

it("knows two formats, and places that can be", async () => {
  const registry = join(temporaryDirectory(), "registry");
  await new Package().push("alice/a", registry);
  const wrong = { registry, to: "orc" as ExportFormat };
  await expect(exportRegistry("tables", wrong)).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
  expect(existsSync("tables")).toBe(false);
  for (const dest of ["s3://plain/../x", "s3://plain/a//b", "s3://plain/a?versionId=1"])
    await expect(exportRegistry(dest, { registry })).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
});
