import { told } from "../../web/state/api-client.js";
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
    const source = (await table) as TableSource;
    const rows = request.is === "open" ? [] : await source.rows(request.start, request.end);
    return { id, columns: source.columns, count: source.count, rows, bytesRead: source.bytesRead() };
  } catch (error) {
    return { id, error: told(error) };
  }
}
