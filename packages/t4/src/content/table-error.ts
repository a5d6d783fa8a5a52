import { T4Error } from "../base/errors.js";

/** Most columns of a table: each costs memory in every row. */
const MOST_COLUMNS = 100_000;

/** A table that cannot be read. */
export function badTable(path: string, what: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_FORMAT", `Cannot read the table ${JSON.stringify(path)}: ${what}.`, {
    hint: "The file is damaged, or not what its name says; bytes() and t4 cat give it as it is.",
    facts: { path },
    cause,
  });
}

/** Runs a library's reader: whatever it throws at broken bytes says which file it was. */
export async function reading<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw readError(path, error);
  }
}

/** What a library threw at broken bytes, with the file; errors of ours and aborts stay as they are. */
export function readError(path: string, error: unknown): unknown {
  if (error instanceof T4Error || !(error instanceof Error) || error.name === "AbortError") return error;
  return badTable(path, error.message.split("\n", 1)[0] ?? error.name, error);
}

/** @throws {@link T4Error} `ERR_T4_FORMAT` for more columns than a row can have. */
export function requireWidth(path: string, columns: number): void {
  if (columns <= MOST_COLUMNS) return;
  throw new T4Error(
    "ERR_T4_FORMAT",
    `Cannot read the table ${JSON.stringify(path)}: it has ${columns} columns, more than ${MOST_COLUMNS}.`,
    { hint: "Turn it: one row for each value. Or read its bytes with a tool made for such.", facts: { path, columns } },
  );
}
