import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { parquetReadObjects } from "hyparquet";
import { memoryStore } from "testkit/memory-store.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Destination } from "#t4/package/export/destination.js";
import {
  type ExportTable,
  type ExportTarget,
  GROWING,
  type GrowingTable,
  REPLACED,
  type ReplacedTable,
  type TableFiles,
} from "#t4/package/export/export-target.js";
import { openIcebergTarget } from "#t4/package/export/iceberg/iceberg-target.js";
import { openParquetTarget } from "#t4/package/export/parquet-target.js";
import { temporaryDirectory } from "../temporary.js";
import { dyingStore, watchedStore } from "./dying-store.js";
import { ExportReader } from "./read-export.js";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});
afterAll(() => connection.closeSync());

/** A Parquet file with a few top hashes, as an export writes them, for each of some tables. */
async function filesOf<Table extends GrowingTable | ReplacedTable>(
  tables: readonly Table[],
  hashes: readonly string[],
  id = "",
): Promise<TableFiles<Table>> {
  const path = join(temporaryDirectory(), "file.parquet");
  const rows = `select unnest([${hashes.map((hash) => `'${hash}'`).join(", ")}]::varchar[]) as top_hash`;
  await connection.run(`copy (${rows}) to '${path}' (format parquet, kv_metadata {t4_part: '${id}'})`);
  return Object.fromEntries(tables.map((table) => [table, path])) as TableFiles<Table>;
}

/** The tests of stores say that folders and buckets keep what this one does. */
function inMemory(): Destination {
  const root = "memory://export/";
  return {
    store: memoryStore(),
    location: root,
    locate: (key) => root + key,
    keyOf: (location) => (location.startsWith(root) ? location.slice(root.length) : undefined),
  };
}

describe.each(["parquet", "iceberg"])("tables of %s", (format) => {
  let destination: Destination;
  let reader: ExportReader;

  const open = (store = destination.store): Promise<ExportTarget> => {
    const openTarget = format === "parquet" ? openParquetTarget : openIcebergTarget;
    return openTarget({ ...destination, store }, { isDryRun: false, signal: undefined });
  };
  const add = async (target: ExportTarget, ...hashes: readonly string[]): Promise<boolean> => {
    const id = randomUUID();
    return target.add(id, await filesOf(GROWING, hashes, id));
  };
  const replace = async (target: ExportTarget, ...hashes: readonly string[]): Promise<boolean> =>
    target.replace(await filesOf(REPLACED, hashes));
  const hashesIn = async (table: ExportTable): Promise<string[]> => {
    const found: string[] = [];
    for (const key of await reader.files(table)) {
      const bytes = await reader.bytes(key);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      for (const { top_hash: hash } of await parquetReadObjects({ file })) found.push(String(hash));
    }
    return found.sort();
  };

  beforeEach(async () => {
    destination = inMemory();
    reader = new ExportReader(destination, format);
    const target = await open();
    await add(target, "a");
    await replace(target, "a");
  });

  it("are whole wherever a writer is killed, and the next one goes on", async () => {
    for (let at = 1, isKilled = true; isKilled; at++) {
      const fresh = `b${at}`;
      const [entries, revisions] = [await hashesIn("package_entry"), await hashesIn("package_revision")];
      try {
        const target = await open(dyingStore(destination.store, at));
        expect([await add(target, fresh), await replace(target, "a", fresh)]).toEqual([true, true]);
        isKilled = false;
      } catch (error) {
        expect(String(error)).toContain("killed before");
      }
      // A reader sees the old or the new state.
      const now = [await hashesIn("package_entry"), await hashesIn("package_revision")];
      expect([entries, [...entries, fresh].sort()]).toContainEqual(now[0]);
      expect([revisions, ["a", fresh]]).toContainEqual(now[1]);
      const next = await open();
      const known = await next.knownHashes();
      expect([...known].sort()).toEqual(await hashesIn("package_entry"));
      if (!known.has(fresh)) expect(await add(next, fresh)).toBe(true);
      expect(await replace(next, "a", fresh)).toBe(true);
      expect(await hashesIn("package_manifest")).toEqual([...new Set([...entries, fresh])].sort());
      expect(await hashesIn("package_entry")).toEqual(await hashesIn("package_manifest"));
      expect(await hashesIn("package_revision")).toEqual(["a", fresh]);
      expect(at).toBeLessThan(100);
    }
  });

  it("do not take what stands on a state that is gone", async () => {
    const [one, other] = [await open(), await open()];
    expect(await add(one, "b")).toBe(true);
    const keys = await reader.keys();
    expect(await add(other, "b", "c")).toBe(false);
    // What was brought in vain is taken away again.
    expect(await reader.keys()).toEqual(keys);
    expect(await replace(one, "a", "b")).toBe(true);
    expect(await replace(other, "stale")).toBe(false);
    expect(await hashesIn("package_revision")).toEqual(["a", "b"]);
    const again = await open();
    expect([...(await again.knownHashes())].sort()).toEqual(["a", "b"]);
    expect(await add(again, "c")).toBe(true);
    expect(await hashesIn("package_entry")).toEqual(["a", "b", "c"]);
    expect(await hashesIn("package_manifest")).toEqual(["a", "b", "c"]);
  });

  it("get a part once, when others end it and go on while its writer pauses", async () => {
    let isPaused = false;
    const isEnd = (what: string, key: string): boolean =>
      format === "parquet" ? what === "move" : /^package_manifest\/metadata\/v\d+/.test(key);
    const target = await open();
    const paused = watchedStore(destination.store, async (what, key) => {
      if (isPaused || !isEnd(what, key)) return;
      isPaused = true;
      const other = await open();
      expect([...(await other.knownHashes())].sort()).toEqual(["a", "b"]);
      expect(await add(other, "c")).toBe(true);
    });
    const slow = await open(paused);
    expect(await add(slow, "b")).toBe(true);
    expect(isPaused).toBe(true);
    for (const table of GROWING) expect(await hashesIn(table)).toEqual(["a", "b", "c"]);
    expect(await add(target, "d")).toBe(false);
  });

  it("say which file somebody removed", async () => {
    const target = await open();
    const id = randomUUID();
    const dying = watchedStore(destination.store, async (what, key) => {
      if (what === "move" || /^package_manifest\/metadata\/v\d+/.test(key)) throw new Error("killed");
    });
    await expect((await open(dying)).add(id, await filesOf(GROWING, ["b"], id))).rejects.toThrow("killed");
    const staged = (await reader.keys()).filter((key) => key.includes(id) && !key.startsWith("package_entry/"));
    expect(staged.length).toBeGreaterThan(0);
    for (const key of staged) await destination.store.delete(key);
    await expect(open()).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    expect(target.wantsPart).toBe(false);
  });
});
