import { T4Error, type T4ErrorCode } from "../../base/errors.js";

/** Names that a text of DuckDB has, and those that the user knows. */
export type Renamed = readonly (readonly [theirs: string, ours: string])[];

const TABLES =
  "Tables are files of packages, in quotes: '<author>/<package>/<file>', or '<author>/<package>@<revision>/<file>'; and t4.packages, t4.revisions, t4.entries, t4.metadata.";

/** What each kind of DuckDB's errors is to us, and what helps. */
const KINDS: Readonly<Record<string, readonly [T4ErrorCode, hint?: string]>> = {
  Parser: ["ERR_T4_USAGE", "A text in SQL has single quotes, a name double ones."],
  Syntax: ["ERR_T4_USAGE"],
  Binder: ["ERR_T4_USAGE", "describe '<author>/<package>/<file>' shows the columns of a table."],
  Catalog: ["ERR_T4_USAGE", TABLES],
  Conversion: [
    "ERR_T4_FORMAT",
    "try_cast gives null where cast fails. What ->> takes out of JSON has to stand in parentheses: (metadata->>'a') = 'x'.",
  ],
  Permission: ["ERR_T4_UNSAFE", `A statement reads packages and nothing else. ${TABLES}`],
  IO: ["ERR_T4_IO"],
  "Out of Memory": ["ERR_T4_IO", "Ask for less at once, or sort and group fewer rows."],
  Internal: ["ERR_T4_IO"],
};

/** The error for what DuckDB said, which begins with the kind: `Binder Error: …`. */
export function statementError(cause: unknown, names: Renamed): unknown {
  if (!(cause instanceof Error)) return cause;
  const [, kind = "", text = cause.message] = /^([A-Z][A-Za-z ]*?) Error: (.*)$/s.exec(cause.message) ?? [];
  // Invalid Input and others: a file is not what its ending says, or a value not what the statement wants.
  const [code, hint] = KINDS[kind] ?? ["ERR_T4_FORMAT"];
  return new T4Error(code, sentence(firstParagraph(text, names)), { hint, facts: { kind }, cause });
}

/** What comes after is the statement again, and which extension to install, which T4 does not load. */
function firstParagraph(text: string, names: Renamed): string {
  const paragraph = text.split(/\n\s*\n|\nLINE \d+:/)[0] ?? "";
  const renamed = names.reduce((changed, [theirs, ours]) => changed.replaceAll(theirs, ours), paragraph);
  return renamed.trim().replaceAll(/\s*\n\s*/g, " ");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
