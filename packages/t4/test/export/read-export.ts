import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Destination, openDestination } from "#t4/package/export/destination.js";
import { EXPORT_TABLES, type ExportTable } from "#t4/package/export/export-target.js";
import { decodeManifest, decodeManifestList } from "#t4/package/export/iceberg/data-manifest.js";
import { temporaryDirectory } from "../temporary.js";

/** What a metadata file of Iceberg says, as far as tests look. */
export interface TableMetadata {
  readonly location: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly "table-uuid": string;
  readonly "last-sequence-number": number;
  readonly "current-snapshot-id": number;
  readonly snapshots: readonly {
    readonly "snapshot-id": number;
    readonly "parent-snapshot-id"?: number;
    readonly "manifest-list": string;
    readonly summary: Readonly<Record<string, string>>;
  }[];
  readonly "metadata-log": readonly { readonly "metadata-file": string }[];
}

/** Reads an export as engines do, from wherever it is. */
export class ExportReader {
  readonly destination: Destination;
  readonly #isIceberg: boolean;

  constructor(destination: Destination, format: string) {
    this.destination = destination;
    this.#isIceberg = format === "iceberg";
  }

  static async open(dest: string, format: string): Promise<ExportReader> {
    return new ExportReader(await openDestination(dest), format);
  }

  /** All objects of the place. */
  async keys(prefix = ""): Promise<string[]> {
    const keys: string[] = [];
    for await (const item of this.destination.store.list(prefix)) if ("key" in item) keys.push(item.key);
    return keys;
  }

  async text(key: string): Promise<string> {
    return Buffer.from(await this.bytes(key)).toString();
  }

  async bytes(key: string): Promise<Uint8Array> {
    const object = await this.destination.store.get(key);
    if (object === undefined) throw new Error(`${key} is not there.`);
    return object.bytes;
  }

  /** What a reader sees that goes where the hint leads, and no further. */
  async metadata(table: ExportTable): Promise<TableMetadata> {
    const version = Number(await this.text(`${table}/metadata/version-hint.text`));
    return JSON.parse(await this.text(`${table}/metadata/v${version}.metadata.json`)) as TableMetadata;
  }

  /** Keys of the Parquet files that a table consists of. */
  async files(table: ExportTable): Promise<string[]> {
    if (!this.#isIceberg) return (await this.keys(`${table}/`)).filter((key) => key.endsWith(".parquet"));
    const metadata = await this.metadata(table);
    const current = metadata.snapshots.find((each) => each["snapshot-id"] === metadata["current-snapshot-id"]);
    if (current === undefined) return [];
    const files: string[] = [];
    for (const manifest of decodeManifestList(await this.bytes(this.#keyOf(current["manifest-list"])))) {
      for (const entry of decodeManifest(await this.bytes(this.#keyOf(manifest.manifest_path))))
        if (entry.status !== 2) files.push(this.#keyOf(entry.data_file.file_path));
    }
    return files;
  }

  /** The rows of a statement about the tables; those without a file are no tables. */
  async read(statement: string): Promise<unknown[][]> {
    const directory = temporaryDirectory();
    const connection = await (await DuckDBInstance.create()).connect();
    for (const table of EXPORT_TABLES) {
      if (!statement.includes(table)) continue;
      const paths: string[] = [];
      for (const [i, key] of (await this.files(table)).entries()) {
        const path = join(directory, `${table}-${i}.parquet`);
        writeFileSync(path, await this.bytes(key));
        paths.push(`'${path}'`);
      }
      if (paths.length > 0) await connection.run(`create view ${table} as from read_parquet([${paths.join(", ")}])`);
    }
    return (await connection.runAndReadAll(statement)).getRowsJson();
  }

  /** All that readers see, to be compared. */
  async state(): Promise<Readonly<Record<string, readonly string[]>>> {
    const all: Record<string, readonly string[]> = {};
    for (const table of EXPORT_TABLES) {
      const files = await this.files(table);
      all[table] = await Promise.all(
        files.sort().map(
          async (key) =>
            `${key} ${Buffer.from(await this.bytes(key))
              .toString("base64")
              .slice(-64)}`,
        ),
      );
    }
    return all;
  }

  #keyOf(location: string): string {
    const key = this.destination.keyOf(location);
    if (key === undefined) throw new Error(`${location} is elsewhere.`);
    return key;
  }
}
