import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { beforeEach, describe, expect, it } from "vitest";
import { exportRegistry, Package } from "#t4/index.js";
import { openDestination } from "#t4/package/export/destination.js";
import { decodeManifest, decodeManifestList } from "#t4/package/export/iceberg/data-manifest.js";
import { commitSnapshot, createTable, openTable, pointTo } from "#t4/package/export/iceberg/iceberg-table.js";
import { temporaryDirectory } from "../temporary.js";
import { ExportReader } from "./read-export.js";

describe("tables of Iceberg", () => {
  let registry: string;
  let dest: string;
  let reader: ExportReader;

  beforeEach(async () => {
    const root = temporaryDirectory();
    [registry, dest] = [join(root, "registry"), join(root, "tables")];
    reader = await ExportReader.open(dest, "iceberg");
    return enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
  });

  const push = async (key: string, text: string): Promise<string> =>
    (await new Package().setText(key, text)).push("alice/a", registry, { message: text });
  const run = () => exportRegistry(dest, { registry, to: "iceberg" });
  const listOf = async (at: number, table: "package_entry" | "package_tag" = "package_entry") => {
    const list = (await reader.metadata(table)).snapshots.at(at)?.["manifest-list"] ?? "";
    return decodeManifestList(await reader.bytes(reader.destination.keyOf(list) ?? ""));
  };

  it("have a history of snapshots, whose numbers rise", async () => {
    await push("a.txt", "one");
    await run();
    await push("a.txt", "two");
    const { tables } = await run();
    expect(tables.package_entry).toBe(`file://${dest}/package_entry/metadata/v3.metadata.json`);
    const metadata = await reader.metadata("package_entry");
    expect(metadata).toMatchObject({ "format-version": 2, "last-sequence-number": 2, "last-column-id": 8 });
    expect(metadata.location).toBe(`file://${dest}/package_entry`);
    const [first, second] = metadata.snapshots;
    expect(second?.["parent-snapshot-id"]).toBe(first?.["snapshot-id"]);
    expect(metadata["current-snapshot-id"]).toBe(second?.["snapshot-id"]);
    expect(metadata.snapshots.map(({ summary }) => [summary["operation"], summary["total-records"]])).toEqual([
      ["append", "1"],
      ["append", "2"],
    ]);
    // The manifest of the first part stays as it was in the list of the second snapshot.
    const [newer, older] = await listOf(1);
    expect([older]).toEqual(await listOf(0));
    expect(newer).toMatchObject({ sequence_number: 2n, added_files_count: 1, added_rows_count: 1n });
    expect(metadata["metadata-log"].map((each) => each["metadata-file"].slice(-18))).toEqual(
      ["/v1.metadata.json", "/v2.metadata.json"].map((name) => `${dest}/package_entry/metadata${name}`.slice(-18)),
    );
  });

  it("tell what was removed from those that are replaced", async () => {
    await push("a.txt", "one");
    await run();
    const [before] = await reader.files("package_tag");
    await push("a.txt", "two");
    await run();
    const metadata = await reader.metadata("package_tag");
    expect(metadata.snapshots.map(({ summary }) => summary["operation"])).toEqual(["append", "overwrite"]);
    const manifests = await listOf(1, "package_tag");
    const entries = await Promise.all(
      manifests.map(async (each) =>
        decodeManifest(await reader.bytes(reader.destination.keyOf(each.manifest_path) ?? "")),
      ),
    );
    expect(entries.flat().map(({ status, sequence_number }) => [status, sequence_number])).toEqual([
      [1, null],
      [2, 1n],
    ]);
    expect(
      entries
        .flat()
        .map(({ data_file }) => data_file.file_path)
        .at(-1),
    ).toBe(`file://${dest}/${before}`);
    expect(await reader.files("package_tag")).toHaveLength(1);
  });

  it("know the bounds and nulls of columns", async () => {
    await (await new Package().setText("long name of a file.txt", "one"))
      .setText("ä", "two")
      .then((pkg) => pkg.push("alice/a", registry));
    await run();
    const [manifest] = await listOf(0);
    const [entry] = decodeManifest(await reader.bytes(reader.destination.keyOf(manifest?.manifest_path ?? "") ?? ""));
    const file = entry?.data_file;
    const of = (values: readonly { key: number; value: unknown }[] | null | undefined, key: number): unknown =>
      values?.find((each) => each.key === key)?.value;
    expect(file).toMatchObject({ record_count: 2n, file_format: "PARQUET", content: 0 });
    expect(String(of(file?.lower_bounds, 2))).toBe("long name of a f");
    expect(String(of(file?.upper_bounds, 2))).toBe("ä");
    expect((of(file?.lower_bounds, 4) as Buffer).readBigInt64LE()).toBe(3n);
    expect(String(of(file?.lower_bounds, 6))).toBe("sha2-256-chunked");
    expect(of(file?.null_value_counts, 7)).toBe(0n);
    expect(of(file?.value_counts, 1)).toBe(2n);
    expect(of(file?.column_sizes, 1)).toBeGreaterThan(0n);
  });

  it("are refused when they are of others, or were changed so that they are not ours", async () => {
    await push("a.txt", "one");
    await run();
    const { store } = reader.destination;
    const text = await reader.text("package_tag/metadata/v2.metadata.json");
    const put = (key: string, changed: string) => store.put(key, Buffer.from(changed));
    await put("package_tag/metadata/v3.metadata.json", text.replace('"format-version": 2', '"format-version": 3'));
    await expect(run()).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await put("package_tag/metadata/v3.metadata.json", text.replace('"t4.export"', '"else"'));
    await expect(run()).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await store.delete("package_tag/metadata/v3.metadata.json");
    await put("package_tag/metadata/v3.gz.metadata.json", "packed");
    await expect(run()).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await store.delete("package_tag/metadata/v3.gz.metadata.json");
    await put((await reader.keys("package_manifest/metadata/snap-"))[0] ?? "", "no Avro");
    await expect(run()).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
    for (const key of await reader.keys("package_entry/metadata/v")) await store.delete(key);
    await expect(run()).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it("keep the metadata files of the last hundred snapshots, and a hint that never goes back", async () => {
    const destination = await openDestination(dest);
    let table = await createTable(destination, "package_tag");
    const snapshot = { manifestList: "none", summary: { operation: "append" }, properties: {} };
    for (let id = 1n; id <= 102n; id++) {
      const next = await commitSnapshot(destination, table, { ...snapshot, id });
      expect(await commitSnapshot(destination, table, { ...snapshot, id })).toBeUndefined();
      table = next as typeof table;
    }
    const versions = (await reader.keys("package_tag/metadata/v")).filter((key) => key.endsWith(".json"));
    expect(versions).toHaveLength(101);
    expect(await openTable(destination, "package_tag")).toMatchObject({ version: 103 });
    const metadata = await reader.metadata("package_tag");
    expect([metadata["metadata-log"].length, metadata.snapshots.length]).toEqual([100, 102]);
    await pointTo(destination, { name: "package_tag", version: 7 });
    expect(await reader.text("package_tag/metadata/version-hint.text")).toBe("103");
  });

  it("keep what other engines say of them, with all digits", async () => {
    await push("a.txt", "one");
    await run();
    const text = await reader.text("package_tag/metadata/v2.metadata.json");
    const theirs = text
      .replace('"properties": {', '"properties": {"owner": "lake", ')
      .replaceAll(/"(current-)?snapshot-id": \d+/g, '"$1snapshot-id": 8744736658442914487');
    await reader.destination.store.put("package_tag/metadata/v3.metadata.json", Buffer.from(theirs));
    await push("a.txt", "two");
    await run();
    const after = await reader.text("package_tag/metadata/v4.metadata.json");
    expect(after).toContain('"parent-snapshot-id": 8744736658442914487');
    expect(after).toContain('"owner": "lake"');
  });
});
