import type { ApiError } from "../../server/api.js";
import { Problem } from "../../web/state/api-client.js";
import type { PreviewFile } from "../previews.js";
import { startWorker } from "../worker-url.js";
// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from "./parquet-worker.ts?worker&url";
import type { TableColumn, TableSource, Value } from "./table-source.js";

/** What the page asks its worker for. */
export type ParquetRequest = { readonly id: number } & (
  | { readonly is: "open"; readonly raw: string; readonly size: number }
  | { readonly is: "rows"; readonly start: number; readonly end: number }
);

/** What the worker says: the table, and the rows that were asked for. */
export interface ParquetFound {
  readonly columns: readonly TableColumn[];
  readonly count: number;
  readonly rows: readonly (readonly Value[])[];
  readonly bytesRead: number;
}

/** An answer, by the number of its question. */
export type ParquetAnswer = { readonly id: number } & (ParquetFound | { readonly error: ApiError });

type Waiting = { readonly done: (found: ParquetFound) => void; readonly failed: (problem: Problem) => void };
type Ask = (request: DistributiveOmit<ParquetRequest>) => Promise<ParquetFound>;
type DistributiveOmit<Request> = Request extends unknown ? Omit<Request, "id"> : never;

/**
 * Opens a Parquet file of any size beside the page: a few rows of it may mean to unpack a hundred thousand values, in which time
 * the page could not move. `signal` ends that.
 */
export async function parquetTable({ raw, size }: PreviewFile, signal: AbortSignal): Promise<TableSource> {
  const ask = startReader(signal);
  let last = await ask({ is: "open", raw, size });
  const { columns, count } = last;
  return {
    columns,
    width: columns.length,
    count,
    isWhole: true,
    bytesRead: () => last.bytesRead,
    async rows(start, end) {
      last = await ask({ is: "rows", start, end });
      return last.rows;
    },
  };
}

function startReader(signal: AbortSignal): Ask {
  const worker = startWorker(workerUrl);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  signal.addEventListener("abort", () => worker.terminate());
  worker.addEventListener("message", ({ data }: MessageEvent<ParquetAnswer>) => {
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) one?.failed(new Problem(data.error));
    else one?.done(data);
  });
  worker.addEventListener("error", ({ message }) => {
    for (const { failed } of waiting.values()) failed(new Problem({ code: "WorkerFailed", message }));
    waiting.clear();
  });
  return async (request) =>
    new Promise((done, failed) => {
      const id = asked++;
      waiting.set(id, { done, failed });
      worker.postMessage({ ...request, id });
    });
}
