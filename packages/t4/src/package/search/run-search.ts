import type { Database } from "node-sqlite3-wasm";
import { T4Error } from "../../base/errors.js";
import { checkOptions } from "../check-options.js";
import { unpackKeys, wordsIn } from "./describe-package.js";
import type { Row } from "./index-file.js";
import { matchWords } from "./match-words.js";
import { askIndex, INDEX_OPTIONS, limitOf } from "./open-index.js";
import type { FoundPackage, IndexOptions, SearchAnswer, SearchResult } from "./search.js";

const SHOWN_KEYS = 5;

/** What `search` does. */
export async function runSearch(query: string, options: IndexOptions): Promise<SearchAnswer> {
  checkOptions(options, INDEX_OPTIONS);
  const limit = limitOf(options);
  if (wordsIn(query).length === 0) {
    throw new T4Error("ERR_T4_USAGE", `There is no word in ${JSON.stringify(query)}.`, {
      hint: "Words are letters and digits; t4 list shows all packages.",
    });
  }
  return askIndex(options, (database) => answer(database, query, limit));
}

function answer(database: Database, query: string, limit: number): SearchAnswer {
  const match = matchWords(database, query);
  if (match === undefined) return { results: [], corrected: {} };
  // Words of keys are in most packages of a registry, and to rank all of these takes most of the time.
  const rows = best(database, `${BUT_KEYS}: (${match.expression})`, limit);
  if (rows.length < limit) {
    const known = new Set(rows.map(({ id }) => id));
    const others = best(database, match.expression, limit).filter(({ id }) => !known.has(id));
    rows.push(...others.slice(0, limit - rows.length));
  }
  const alternatives = [...match.alternatives];
  const corrected = alternatives.filter(([word, some]) => some.length > 1 || some[0] !== word);
  const sought = alternatives.map(([, some]) => some);
  return {
    results: rows.map((row) =>
      Object.assign(foundPackage(row), { score: -Number(row["rank"]), ...keysWith(row, sought) }),
    ),
    corrected: Object.fromEntries(corrected),
  };
}

const BUT_KEYS = "{name message metadata columns readme}";

/** The packages that fit an expression best. */
function best(database: Database, expression: string, limit: number): Row[] {
  const found = "SELECT rowid, rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?";
  return database.all(
    `SELECT packages.*, found.rank AS rank FROM (${found}) AS found JOIN packages ON packages.id = found.rowid
     ORDER BY rank, name`,
    [expression, limit],
  ) as Row[];
}

/** A package as a row of the index says. */
export function foundPackage(row: Row): FoundPackage {
  const { name, hash: topHash, message, files, size } = row as unknown as FoundPackage & { readonly hash: string };
  return { name, topHash, message, files, size };
}

function has(words: readonly string[], some: readonly string[]): boolean {
  return some.some((start) => words.some((word) => word.startsWith(start)));
}

function keysWith(row: Row, sought: readonly (readonly string[])[]): Pick<SearchResult, "keys" | "moreKeys"> {
  const packed = row["keys"];
  if (!(packed instanceof Uint8Array)) return { keys: [], moreKeys: 0 };
  const keys = unpackKeys(packed).map((key) => [key, wordsIn(key)] as const);
  // Words that are in the name or the metadata alone do not count against a key.
  const inKeys = sought.filter((some) => keys.some(([, words]) => has(words, some)));
  if (inKeys.length === 0) return { keys: [], moreKeys: 0 };
  const found = keys.filter(([, words]) => inKeys.every((some) => has(words, some)));
  const shown = found.slice(0, SHOWN_KEYS).map(([key]) => key);
  return { keys: shown, moreKeys: found.length - shown.length };
}
