import { T4Error } from "../../base/errors.js";
import { quoted } from "./engine.js";

/** The functions of DuckDB that read a file, by its ending; the path comes first. */
const READERS: readonly (readonly [ending: RegExp, reader: string, options?: string])[] = [
  [/\.parquet$/, "read_parquet", "hive_partitioning = false"],
  [/\.csv$/, "read_csv"],
  [/\.tsv$/, "read_csv", "delim = '\t'"],
  [/\.(?:jsonl|ndjson)$/, "read_ndjson"],
  [/\.json$/, "read_json"],
];

const PACKED: readonly (readonly [ending: RegExp, compression: string])[] = [
  [/\.gz$/, "gzip"],
  [/\.zst$/, "zstd"],
];

/** How DuckDB reads the file `path` that is in a package under `logicalKey`, whose ending says what it is. */
export function readerOf(logicalKey: string, path: string): string {
  const name = logicalKey.toLowerCase();
  const [ending, compression] = PACKED.find(([packed]) => packed.test(name)) ?? [/$/];
  const [, reader, options] = READERS.find(([kind]) => kind.test(name.replace(ending, ""))) ?? [];
  // Parquet packs its columns itself.
  if (reader === undefined || (reader === "read_parquet" && compression !== undefined)) throw noTable(logicalKey);
  const unpacking = compression === undefined ? undefined : `compression = '${compression}'`;
  return `${reader}(${[quoted(path), options, unpacking].filter((part) => part !== undefined).join(", ")})`;
}

function noTable(logicalKey: string): T4Error {
  return new T4Error("ERR_T4_UNSUPPORTED", `${JSON.stringify(logicalKey)} is no table that SQL can read.`, {
    hint: "It reads .parquet, .csv, .tsv, .json, .jsonl and .ndjson; all but the first also as .gz and .zst.",
    facts: { logicalKey },
  });
}
