import { quoted } from "./engine.js";

/** How DuckDB reads a file. */
export interface Reader {
  /** The function of DuckDB; the path is its first argument. */
  readonly name: "read_parquet" | "read_csv" | "read_ndjson" | "read_json";
  /** Its other arguments, as SQL writes them. */
  readonly options: readonly string[];
}

/** The functions of DuckDB, by a file's ending. */
const READERS: readonly (readonly [ending: RegExp, name: Reader["name"], option?: string])[] = [
  [/\.(?:parquet|pq)$/, "read_parquet", "hive_partitioning = false"],
  [/\.csv$/, "read_csv"],
  [/\.(?:tsv|tab)$/, "read_csv", "delim = '\t'"],
  [/\.(?:jsonl|ndjson)$/, "read_ndjson"],
  [/\.json$/, "read_json"],
];

const PACKED: readonly (readonly [ending: RegExp, compression: string])[] = [
  [/\.gz$/, "gzip"],
  [/\.zst$/, "zstd"],
];

/** How DuckDB reads the file that is in a package under `logicalKey`, whose ending says what it is; `undefined`: it does not. */
export function readerOf(logicalKey: string): Reader | undefined {
  const key = logicalKey.toLowerCase();
  const [ending, compression] = PACKED.find(([packed]) => packed.test(key)) ?? [/$/];
  const [, name, option] = READERS.find(([kind]) => kind.test(key.replace(ending, ""))) ?? [];
  // Parquet packs its columns itself.
  if (name === undefined || (name === "read_parquet" && compression !== undefined)) return undefined;
  const unpacking = compression === undefined ? undefined : `compression = '${compression}'`;
  return { name, options: [option, unpacking].filter((each) => each !== undefined) };
}

/** A call of one of DuckDB's functions on a file. */
export function callOn(path: string, name: string, options: readonly string[]): string {
  return `${name}(${[quoted(path), ...options].join(", ")})`;
}
