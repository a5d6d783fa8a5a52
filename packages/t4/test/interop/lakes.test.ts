import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { enterEnvironment } from "testkit/environment.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExportReport, exportRegistry, openRegistry, Package, type SqlRow, sql } from "#t4/index.js";
import { makeBucket } from "../engines/make-bucket.js";

const SCRIPT = fileURLToPath(new URL("lakes.py", import.meta.url));
const TABLES = ["package_entry", "package_manifest", "package_revision", "package_tag"] as const;

/** What pyiceberg knows of a table. */
interface Answer {
  readonly schema: readonly (readonly [id: number, name: string, type: string])[];
  readonly snapshots: readonly number[];
  readonly operations: readonly string[];
  readonly files: number;
  readonly rows: readonly (readonly unknown[])[];
}

/** Asks the real pyiceberg or Spark. */
async function ask<Answers>(who: "pyiceberg" | "spark", given: unknown): Promise<Answers> {
  const python = join(process.env["T4_PEERS"] ?? "", who, "bin/python");
  const child = spawn(python, [SCRIPT, who], { stdio: ["pipe", "pipe", "pipe"] });
  const [out, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => void out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => void said.push(chunk));
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  // One that ends before it has read all says why itself.
  child.stdin.on("error", () => undefined).end(JSON.stringify(given));
  const code = await ended;
  if (code !== 0) throw new Error(`${who} ended with ${String(code)}: ${Buffer.concat(said).toString()}`);
  return JSON.parse(Buffer.concat(out).toString()) as Answers;
}

const [minio] = engines("minio");
const ENV = {
  AWS_ENDPOINT_URL_S3: minio?.url ?? "",
  AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
};
const PYICEBERG = {
  "s3.endpoint": ENV.AWS_ENDPOINT_URL_S3,
  "s3.access-key-id": ENV.AWS_ACCESS_KEY_ID,
  "s3.secret-access-key": ENV.AWS_SECRET_ACCESS_KEY,
  "s3.region": ENV.AWS_REGION,
};

describe("exports, read by others", () => {
  const root = mkdtempSync(join(tmpdir(), "t4-test-"));
  const registry = join(root, "registry");
  const folder = join(root, "my lake");
  const parquet = join(root, "parquet");
  let bucket: string;
  let reports: Readonly<Record<"folder" | "bucket", ExportReport>>;
  let answers: readonly Answer[];
  let spark: readonly (readonly (readonly unknown[])[])[];
  let leave: () => void;

  const push = async (name: string, files: Readonly<Record<string, string>>, message: string | null) => {
    const pkg = new Package().setMeta({ instrument: "Waage № 1", id: 12345678901234567890n });
    for (const [key, text] of Object.entries(files)) await pkg.setText(key, text, { meta: { unit: "µg" } });
    return pkg.push(name, registry, { message });
  };
  const exportAll = async () => {
    await exportRegistry(parquet, { registry });
    await exportRegistry(`${bucket}/parquet`, { registry });
    return {
      folder: await exportRegistry(folder, { registry, to: "iceberg" }),
      bucket: await exportRegistry(`${bucket}/my lake`, { registry, to: "iceberg" }),
    };
  };
  const askPyiceberg = (questions: readonly unknown[]): Promise<readonly Answer[]> =>
    ask("pyiceberg", { properties: PYICEBERG, questions });
  /** What we say ourselves. */
  const ours = async (statement: string): Promise<readonly (readonly unknown[])[]> => {
    const rows = await (await sql(statement, { registry, history: true })).toArray();
    return sorted(rows.map(plainRow));
  };
  const BY_PACKAGE = "select pkg_name, count(*)::bigint, sum(size)::bigint from t4.entries group by pkg_name";

  beforeAll(async () => {
    leave = enterEnvironment({ ...ENV, XDG_CACHE_HOME: join(root, "cache") });
    bucket = `s3://${(await makeBucket(minio as NonNullable<typeof minio>, { isVersioned: true })).bucket}`;
    await push("alice/weather", { "raw/Zürich and its surroundings.csv": "one", "b.txt": "22" }, "First");
    await push("bob/lab", { "a.txt": "a" }, null);
    const first = await exportAll();
    await push("alice/weather", { "raw/Zürich and its surroundings.csv": "three", "c.txt": "" }, "Second");
    await (await openRegistry(registry)).tag("alice/weather", "v1");
    reports = await exportAll();
    answers = await askPyiceberg([
      ...(["folder", "bucket"] as const).flatMap((place) =>
        TABLES.map((table) => ({ table: reports[place].tables[table] })),
      ),
      // By the hint alone.
      { table: `file://${folder}/package_entry` },
      { table: reports.bucket.tables.package_entry, filter: "logical_key = 'b.txt'" },
      { table: first.folder.tables.package_entry },
      { parquet: `${bucket.slice(5)}/parquet/package_entry` },
    ]);
    const [entries] = answers;
    spark = await ask("spark", {
      settings: sparkSettings(root, folder),
      views: { parquet_tag: `${parquet}/package_tag`, parquet_entry: `${parquet}/package_entry` },
      statements: [
        byPackage("lake.package_tag", "lake.package_entry"),
        byPackage("parquet_tag", "parquet_entry"),
        `select count(*) from lake.package_entry version as of ${entries?.snapshots[0]}`,
        "select pkg_name, timestamp, top_hash from lake.package_revision",
        "select message, get_json_object(metadata, '$.id') from lake.package_manifest",
        "create namespace s3.t4",
        `call s3.system.register_table('t4.tag', '${reports.bucket.tables.package_tag}')`,
        `call s3.system.register_table('t4.entry', '${reports.bucket.tables.package_entry}')`,
        byPackage("s3.t4.tag", "s3.t4.entry"),
        "select hash.value from s3.t4.entry where logical_key = 'c.txt'",
        // Spark tidies up behind us.
        ...["package_entry", "package_manifest"].flatMap((table) => [
          `call lake.system.rewrite_data_files(table => '${table}', options => map('rewrite-all', 'true'))`,
          `call lake.system.rewrite_manifests('${table}')`,
        ]),
        ...TABLES.map(
          (table) =>
            `call lake.system.expire_snapshots(table => '${table}', older_than => timestamp '2100-01-01', retain_last => 1)`,
        ),
      ],
    });
  }, 600_000);
  afterAll(() => {
    leave();
    rmSync(root, { recursive: true });
  });

  it.each(["folder", "bucket"] as const)("pyiceberg finds all rows in a %s", async (place) => {
    const [entries, manifests, revisions, tags] = answers.slice(place === "folder" ? 0 : 4);
    const all = `select distinct top_hash, logical_key, physical_key, size, hash.type as t, hash.value as v, metadata from t4.entries`;
    expect(entries?.rows.map((row) => row.flat())).toEqual(await ours(all));
    expect(manifests?.rows).toEqual(
      await ours("select distinct top_hash, message, metadata, entries, size from t4.revisions"),
    );
    expect(revisions?.rows).toEqual(await ours("select pkg_name, timestamp, top_hash from t4.revisions"));
    expect(tags?.rows.map(([name, tag]) => [name, tag])).toEqual([
      ["alice/weather", "latest"],
      ["alice/weather", "v1"],
      ["bob/lab", "latest"],
    ]);
    expect(entries?.operations).toEqual(["append", "append"]);
    expect(tags?.operations).toEqual(["append", "overwrite"]);
    expect(entries?.schema).toEqual([
      [1, "top_hash", "string"],
      [2, "logical_key", "string"],
      [3, "physical_key", "string"],
      [4, "size", "long"],
      [5, "hash", "struct<6: type: optional string, 7: value: optional string>"],
      [8, "metadata", "string"],
    ]);
    expect(revisions?.schema).toEqual([
      [1, "pkg_name", "string"],
      [2, "timestamp", "timestamptz"],
      [3, "top_hash", "string"],
    ]);
  });

  it("pyiceberg follows the hint, opens only the files that it needs, and sees old snapshots", () => {
    const [entries, , , , , , , , hinted, filtered, old, files] = answers;
    expect(hinted?.rows).toEqual(entries?.rows);
    expect(entries?.files).toBe(2);
    expect([filtered?.files, filtered?.rows.length]).toEqual([1, 1]);
    expect(old?.rows).toHaveLength(3);
    expect(files?.rows).toEqual(entries?.rows);
  });

  it("Spark reads the same from a folder, from a bucket and from Parquet", async () => {
    const latest = sorted((await (await sql(BY_PACKAGE, { registry })).toArray()).map(plainRow));
    const [fromFolder, fromParquet, counted, revisions, manifests, , , , fromBucket, hash] = spark;
    for (const rows of [fromFolder, fromParquet, fromBucket]) expect(rows).toEqual(latest);
    expect(counted).toEqual([[3]]);
    expect(revisions).toEqual(await ours("select pkg_name, timestamp, top_hash from t4.revisions"));
    expect(manifests).toEqual(
      await ours(
        "select distinct message, metadata->>'id' as id from t4.revisions group by top_hash, message, metadata",
      ),
    );
    expect(hash).toEqual(await ours("select hash.value as v from t4.entries where logical_key = 'c.txt'"));
  });

  it("we go on with tables that Spark has tidied", async () => {
    await push("carol/new", { "d.txt": "d" }, "Third");
    expect(await exportRegistry(folder, { registry, to: "iceberg" })).toMatchObject({ added: 1, revisions: 4 });
    const { tables } = await exportRegistry(folder, { registry, to: "iceberg" });
    const [entries, manifests, revisions, tags] = await askPyiceberg(TABLES.map((table) => ({ table: tables[table] })));
    expect(entries?.rows.map(([topHash, key]) => [topHash, key])).toEqual(
      await ours("select top_hash, logical_key from t4.entries"),
    );
    expect(entries?.files).toBe(2);
    expect(entries?.operations).toEqual(["replace", "append"]);
    expect([manifests, revisions, tags].map((answer) => answer?.rows.length)).toEqual([4, 4, 4]);
  });
});

function byPackage(tags: string, entries: string): string {
  return `select pkg_name, count(*), sum(size) from ${tags} join ${entries} using (top_hash)
    where tag_name = 'latest' group by pkg_name`;
}

function sparkSettings(root: string, warehouse: string): Readonly<Record<string, string>> {
  const catalog = "org.apache.iceberg.spark.SparkCatalog";
  return {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.warehouse.dir": join(root, "warehouse"),
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": catalog,
    "spark.sql.catalog.lake.type": "hadoop",
    "spark.sql.catalog.lake.warehouse": `file://${warehouse}`,
    "spark.sql.catalog.s3": catalog,
    "spark.sql.catalog.s3.type": "jdbc",
    "spark.sql.catalog.s3.uri": `jdbc:sqlite:${join(root, "catalog.db")}`,
    "spark.sql.catalog.s3.warehouse": "s3://none/none",
    "spark.sql.catalog.s3.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    "spark.sql.catalog.s3.s3.endpoint": ENV.AWS_ENDPOINT_URL_S3,
    "spark.sql.catalog.s3.s3.path-style-access": "true",
    "spark.sql.catalog.s3.client.region": ENV.AWS_REGION,
  };
}

/** As the script gives rows: times are texts, numbers are not bigints. */
function plainRow(row: SqlRow): unknown[] {
  return Object.values(row).map((value) => {
    if (typeof value === "bigint") return Number(value);
    return typeof value === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(value) ? value.slice(0, 19) : value;
  });
}

/** In the order that the script gives them. */
function sorted(rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const keyOf = (row: readonly unknown[]): string => JSON.stringify(row);
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
