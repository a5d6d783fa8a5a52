import { T4Error } from "t4";

/** How long a statement on tables may take that a page waits for. */
const MOST_MS = 30_000;

/** Does work that ends after {@link MOST_MS}, or when `asked` does: who closes the page stops the statement. */
export async function withinLimit<Result>(
  asked: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = AbortSignal.timeout(MOST_MS);
  try {
    return await work(AbortSignal.any([asked, limit]));
  } catch (error) {
    throw limit.aborted ? tooSlow() : error;
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

function tooSlow(): T4Error {
  return new T4Error("ERR_T4_BUSY", `The statement was stopped after ${MOST_MS / 1000} seconds.`, {
    hint: "Ask for less of the file, or run it with t4 sql, which waits as long as you do.",
  });
}
