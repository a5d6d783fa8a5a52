import { quoted } from "./engine.js";

/** The functions of DuckDB that read a file, by its ending; the path comes first. */
const READERS: readonly (readonly [ending: RegExp, reader: string, options?: string])[] = [
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

/**
 * How DuckDB reads the file `path` that is in a package under `logicalKey`, whose ending says what it is; `undefined`: it does not.
 */
export function readerOf(logicalKey: string, path: string): string | undefined {
  const name = logicalKey.toLowerCase();
  const [ending, compression] = PACKED.find(([packed]) => packed.test(name)) ?? [/$/];
  const [, reader, options] = READERS.find(([kind]) => kind.test(name.replace(ending, ""))) ?? [];
  // Parquet packs its columns itself.
  if (reader === undefined || (reader === "read_parquet" && compression !== undefined)) return undefined;
  const unpacking = compression === undefined ? undefined : `compression = '${compression}'`;
  return `${reader}(${[quoted(path), options, unpacking].filter((part) => part !== undefined).join(", ")})`;
}
