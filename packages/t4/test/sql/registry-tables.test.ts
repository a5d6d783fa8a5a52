import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { Package, type SqlRow, sql } from "#t4/index.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { temporaryDirectory } from "../temporary.js";

describe("tables about a registry", () => {
  let root: string;
  let registry: string;
  const hashes = new Map<string, string>();

  beforeEach(async () => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    const leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
    const pkg = new Package().setMeta({ instrument: "x", id: 12345678901234567890n }).setMeta({ year: 2024 }, "in");
    await pkg.setText("in/a.txt", "a", { meta: { unit: "K" } });
    await pkg.setText("b.txt", "bb");
    hashes.set("first", await pkg.push("alice/one", registry, { message: "First" }));
    await pkg.setText("b.txt", "bbb");
    hashes.set("second", await pkg.push("alice/one", registry, { message: "Second" }));
    const other = await new Package().setMeta({ instrument: "y" }).setText("c.txt", "bb");
    hashes.set("other", await other.push("bob/two", registry));
    return leave;
  });

  const rows = async (statement: string, options = {}): Promise<SqlRow[]> =>
    (await sql(statement, { registry, ...options })).toArray();
  const manifests = (): string => join(registry, ".quilt/packages");

  it("packages are their latest revisions", async () => {
    const all = await rows(
      "select * exclude (timestamp), timestamp <= now() as is_past from t4.packages order by pkg_name",
    );
    expect(all).toEqual([
      {
        pkg_name: "alice/one",
        author: "alice",
        top_hash: hashes.get("second"),
        message: "Second",
        metadata: '{"instrument": "x", "id": 12345678901234567890}',
        entries: 2n,
        size: 4n,
        is_past: true,
      },
      expect.objectContaining({ pkg_name: "bob/two", message: null, entries: 1n, size: 2n }),
    ]);
    const sums = await rows("select author, sum(size) as bytes from t4.packages group by author order by bytes desc");
    expect(sums).toEqual([
      { author: "alice", bytes: 4n },
      { author: "bob", bytes: 2n },
    ]);
  });

  it("revisions are all of them", async () => {
    const all = await rows(
      "select top_hash, message, is_latest, size from t4.revisions where author = 'alice' order by timestamp",
    );
    expect(all).toEqual([
      { top_hash: hashes.get("first"), message: "First", is_latest: false, size: 3n },
      { top_hash: hashes.get("second"), message: "Second", is_latest: true, size: 4n },
    ]);
  });

  it("entries find a file by its hash, in the latest revisions or in all", async () => {
    const statement = "select pkg_name, logical_key, size from t4.entries where hash.value = $1 order by all";
    const parameters = [hashBytes("sha2-256-chunked", Buffer.from("bb"))];
    expect(await rows(statement, { parameters })).toEqual([{ pkg_name: "bob/two", logical_key: "c.txt", size: 2n }]);
    expect(await rows(statement, { parameters, history: true })).toEqual([
      { pkg_name: "alice/one", logical_key: "b.txt", size: 2n },
      { pkg_name: "bob/two", logical_key: "c.txt", size: 2n },
    ]);
    const [entry] = await rows("select * from t4.entries where logical_key = 'in/a.txt'");
    expect(entry).toEqual({
      pkg_name: "alice/one",
      top_hash: hashes.get("second"),
      logical_key: "in/a.txt",
      physical_key: expect.stringMatching(/^file:/),
      size: 1n,
      hash: { type: "sha2-256-chunked", value: hashBytes("sha2-256-chunked", Buffer.from("a")) },
      metadata: '{"unit": "K"}',
    });
  });

  it("metadata is that of packages, directories and files, and can be asked for its members", async () => {
    const all = await rows(
      "select pkg_name, logical_key, metadata from t4.metadata order by pkg_name, logical_key nulls first",
    );
    expect(all).toEqual([
      { pkg_name: "alice/one", logical_key: null, metadata: expect.stringContaining('"instrument": "x"') },
      { pkg_name: "alice/one", logical_key: "in/", metadata: '{"year": 2024}' },
      { pkg_name: "alice/one", logical_key: "in/a.txt", metadata: '{"unit": "K"}' },
      { pkg_name: "bob/two", logical_key: null, metadata: '{"instrument": "y"}' },
    ]);
    const found = await rows("select pkg_name from t4.metadata where (metadata->>'instrument') = 'x'");
    expect(found).toEqual([{ pkg_name: "alice/one" }]);
    await expect(rows("from t4.metadata where true and metadata->>'instrument' = 'x'")).rejects.toMatchObject({
      hint: expect.stringContaining("parentheses"),
    });
  });

  it("reads only what the statement needs", async () => {
    // Whoever reads a manifest fails now.
    for (const name of readdirSync(manifests())) rmSync(join(manifests(), name));
    expect(await rows("select count(*) as n from t4.packages")).toEqual([{ n: 2n }]);
    expect(
      await rows("select author, max(top_hash) as newest from t4.revisions group by author order by author"),
    ).toHaveLength(2);
    for (const statement of [
      "select size from t4.packages",
      "select PKG_NAME, Message from T4.Packages",
      "select p from t4.packages as p",
      "select packages from t4.packages",
      "select t4.packages from t4.packages",
      "select #2 from t4.packages",
      "from t4.packages",
      "summarize t4.packages",
      "select columns('s.*') from t4.packages",
      "select q from t4.packages as p(a, b, c, d, q)",
      "select 1 from t4.packages natural join t4.revisions",
      "select 1 from t4.packages join t4.revisions using (size)",
      "select count(*) from t4.entries",
    ]) {
      await expect(rows(statement), statement).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    }
  });

  it("a damaged manifest is an error, never a package less", async () => {
    const path = join(manifests(), hashes.get("other") ?? "");
    writeFileSync(path, '{"version": "v0", "message": "forged"}\n');
    await expect(rows("select sum(size) from t4.packages")).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });

  it("shows what only foreign manifests hold as JSON", async () => {
    const text =
      '{"version": "v0", "user_meta": {"nan": NaN, "half": "\\ud800", "deep": [Infinity, 1.0]}}\n' +
      '{"logical_key": "a", "physical_keys": ["s3://b/a"], "size": 1.5, "hash": {"type": "SHA256", "value": "0"}, "meta": {}}\n';
    const { topHash = "" } = openManifest(memoryReader(Buffer.from(text)));
    writeFileSync(join(manifests(), topHash), text);
    mkdirSync(join(registry, ".quilt/named_packages/eve/odd"), { recursive: true });
    writeFileSync(join(registry, ".quilt/named_packages/eve/odd/latest"), topHash);
    const [odd] = await rows(
      "select metadata->'deep' as deep, (metadata->>'nan') is null as nan, timestamp from t4.packages where author = 'eve'",
    );
    expect(odd).toEqual({ deep: "[null,1.0]", nan: true, timestamp: null });
    expect(await rows("select size from t4.entries where pkg_name = 'eve/odd'")).toEqual([{ size: null }]);
  });

  it("joins with files of packages", async () => {
    const pkg = await new Package().setText("names.csv", "pkg_name,owner\nbob/two,Bob\n");
    await pkg.push("carol/list", registry);
    const found = await rows("select owner, size from t4.packages join 'carol/list/names.csv' using (pkg_name)");
    expect(found).toEqual([{ owner: "Bob", size: 2n }]);
  });

  it("names a table that is not there, and the one that was meant", async () => {
    await expect(rows("from t4.entrys")).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
      hint: "Did you mean t4.entries?",
    });
    await expect(sql("from t4.packages", { registry: join(root, "absent") })).rejects.toMatchObject({
      code: "ERR_T4_NOT_FOUND",
    });
  });

  it("ends when it is aborted while a registry is read", async () => {
    const reason = new Error("Enough.");
    await expect(rows("from t4.entries", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
