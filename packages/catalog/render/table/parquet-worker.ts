import { asProblem } from "../../web/state/use-resource.js";
import { readParquet } from "./parquet-reader.js";
import type { ParquetAnswer, ParquetRequest } from "./parquet-table.js";
import type { TableSource } from "./table-source.js";

/** The table that this worker reads. */
let table: Promise<TableSource> | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ParquetRequest>) => {
  void answer(data).then((message) => self.postMessage(message));
});

async function answer(request: ParquetRequest): Promise<ParquetAnswer> {
  const { id } = request;
  try {
    if (request.is === "open") table = readParquet(request);
    const { columns, count, bytesRead, rows } = (await table) as TableSource;
    if (request.is === "open") return { id, columns, count, rows: [], bytesRead: bytesRead() };
    return { id, columns, count, rows: await rows(request.start, request.end), bytesRead: bytesRead() };
  } catch (error) {
    const { code, message, hint, command } = asProblem(error);
    return { id, error: { code, message, ...(hint && { hint }), ...(command && { command }) } };
  }
}
