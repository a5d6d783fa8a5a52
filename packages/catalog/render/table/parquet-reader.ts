import { gunzipSync } from "fflate";
import { decompress } from "fzstd";
import {
  type AsyncBuffer,
  type Compressors,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { Problem } from "../../web/state/api-client.js";
import type { PreviewFile } from "../previews.js";
import { readBytes } from "../read-bytes.js";
import { keptParts } from "./kept-parts.js";
import type { ColumnKind, TableColumn, TableSource, Value } from "./table-source.js";

/** Written in JavaScript: what is compiled while it runs, the pages' policy forbids. */
const COMPRESSORS: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { out: new Uint8Array(length) }),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

/** Bytes of the file that stay: the rows in sight and their description read the same ones. */
const MOST_KEPT = 64 << 20;

/** Opens a Parquet file of any size: its footer, and then the pages of the rows that are asked for. */
export async function readParquet(file: Pick<PreviewFile, "raw" | "size">): Promise<TableSource> {
  let bytesRead = 0;
  const part = keptParts(async (start, end) => {
    const bytes = await readBytes(file, { start, end });
    bytesRead += bytes.length;
    return bytes;
  }, MOST_KEPT);
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: async (start, end = file.size) => (await part(start, end)).slice().buffer,
  };
  const metadata = await parquetMetadataAsync(buffer).catch((error: unknown) => {
    const message = `This is no Parquet file: ${error instanceof Error ? error.message : String(error)}`;
    throw new Problem({ code: "ParquetCorrupt", message, hint: "It may have been cut off: look at its bytes." });
  });
  const columns = parquetSchema(metadata).children.map(columnOf);
  return {
    columns,
    width: columns.length,
    count: Number(metadata.num_rows),
    isWhole: true,
    bytesRead: () => bytesRead,
    async rows(start, end) {
      const options = {
        file: buffer,
        metadata,
        compressors: COMPRESSORS,
        rowStart: start,
        rowEnd: end,
        useOffsetIndex: true,
      };
      const rows = await parquetReadObjects(options).catch((error: unknown) => {
        const message = `These rows cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        throw new Problem({ code: "ParquetUnsupported", message, hint: "Open the file with the snippet beside it." });
      });
      return rows.map((row): Value[] => columns.map(({ name }) => row[name]));
    },
  };
}

const NUMBERS = new Set(["INT32", "INT64", "INT96", "FLOAT", "DOUBLE"]);

function columnOf({ element, children }: SchemaTree): TableColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const said = (logical?.type ?? converted ?? type ?? "group").toLowerCase().replaceAll("_", " ");
  return { name, type: said === "utf8" ? "string" : said, kind: children.length > 0 ? "other" : kindOf(said, type) };
}

function kindOf(said: string, type: string | undefined): ColumnKind {
  if (/^(?:date|timestamp)/.test(said)) return "date";
  if (type === "BOOLEAN") return "boolean";
  if (/^(?:utf8|string|enum|uuid)/.test(said)) return "text";
  return NUMBERS.has(type ?? "") || said === "decimal" ? "number" : "other";
}
