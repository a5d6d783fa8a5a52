import { csvSource } from "./csv-source.js";
import type { Engine } from "./engine.js";
import { jsonSource } from "./json-source.js";
import type { Statement } from "./statement.js";
import { callOn, type Reader } from "./table-format.js";

/** A file that DuckDB reads itself, where it is, verified. */
export interface SourceFile {
  readonly path: string;
  readonly logicalKey: string;
  readonly reader: Reader;
}

/** What a statement may read, and what ends it. */
export interface SourceOptions extends Pick<Statement, "mentions"> {
  readonly signal: AbortSignal | undefined;
}

/** The statement that selects all of a file, with types that keep every value of the columns that may be read. */
export async function selectOf(engine: Engine, file: SourceFile, options: SourceOptions): Promise<string> {
  const { path, reader } = file;
  if (reader.name === "read_csv") return csvSource(engine, file, options.mentions);
  if (reader.name !== "read_parquet") return jsonSource(engine, file, options);
  return `select * from ${callOn(path, reader.name, reader.options)}`;
}
