import { T4Error } from "t4";

/** How long somebody's statement may take. */
export const STATEMENT_MS = 30_000;
/** How long all of a table may be read: it may be gigabytes, which a bucket sends first. */
export const WHOLE_TABLE_MS = 600_000;

/** Does work that ends after so many milliseconds, or when `asked` does: who closes the page stops it. */
export async function withinLimit<Result>(
  { asked, mostMs }: { readonly asked: AbortSignal; readonly mostMs: number },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = AbortSignal.timeout(mostMs);
  try {
    return await work(AbortSignal.any([asked, limit]));
  } catch (error) {
    throw limit.aborted ? tooSlow(mostMs) : error;
  }
}

/** A name as SQL writes it, whatever is in it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function tooSlow(mostMs: number): T4Error {
  return new T4Error("ERR_T4_BUSY", `The statement was stopped after ${mostMs / 1000} seconds.`, {
    hint: "Ask for less of the file, or run it with t4 sql, which waits as long as you do.",
  });
}
