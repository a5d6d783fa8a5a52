import type { Context } from "hono";
import { type LongOperationOptions, type Progress, T4Error } from "t4";
import type { WorkProgress } from "./table-api.js";

/** How long somebody's statement may compute, and how long what the pages ask of all rows. */
export const STATEMENT_MS = 30_000;
export const WHOLE_TABLE_MS = 600_000;
/** How long the files may take before that: they may be gigabytes, which a bucket sends. */
export const READ_MS = 600_000;

/** Work that tells how far it is and ends when it is told to. */
export type LongWork<Result> = (options: Required<LongOperationOptions>) => Promise<Result>;

/** Work that may take long, and how far it is. */
export interface LongWorks {
  /**
   * Does what a request asks for; it ends with the request, when its files are not read within {@link READ_MS}, or when it then
   * computes for more than `mostMs`.
   *
   * @throws {@link T4Error} `ERR_T4_BUSY` for what takes too long.
   */
  readonly run: <Result>(context: Context, mostMs: number, work: LongWork<Result>) => Promise<Result>;
  /** How far the work is that a request gave this word; `undefined`: it has not begun, or is over. */
  readonly progressOf: (word: string) => WorkProgress | undefined;
}

/** Starts with none. */
export function createLongWorks(): LongWorks {
  const running = new Map<string, WorkProgress>();
  return {
    progressOf: (word) => running.get(word),
    async run(context, mostMs, work) {
      const word = context.req.header("X-T4-Work");
      const limit = new AbortController();
      const endAfter = (ms: number, message: string): NodeJS.Timeout =>
        setTimeout(() => limit.abort(tooSlow(message)), ms);
      let timer = endAfter(READ_MS, `The files could not be read within ${READ_MS / 60_000} minutes.`);
      let isTimed = false;
      const onProgress = ({ phase, bytesDone, bytesTotal = bytesDone }: Progress): void => {
        if (phase === "query" && !isTimed) {
          isTimed = true;
          clearTimeout(timer);
          timer = endAfter(mostMs, `The statement was stopped after ${mostMs / 1000} seconds.`);
        }
        if (word !== undefined) running.set(word, { isComputing: phase === "query", bytesDone, bytesTotal });
      };
      try {
        return await work({ signal: AbortSignal.any([context.req.raw.signal, limit.signal]), onProgress });
      } catch (error) {
        throw limit.signal.aborted ? limit.signal.reason : error;
      } finally {
        clearTimeout(timer);
        if (word !== undefined) running.delete(word);
      }
    },
  };
}

function tooSlow(message: string): T4Error {
  return new T4Error("ERR_T4_BUSY", message, {
    hint: "Ask for less of the file, or run it with t4 sql, which waits as long as you do.",
  });
}
