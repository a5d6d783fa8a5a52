import type { Database } from "node-sqlite3-wasm";
import { editDistance } from "../../base/nearest.js";
import { wordsIn } from "./describe-package.js";

/** What is looked for. */
export interface Match {
  /** In the language of FTS5. */
  readonly expression: string;
  /** For each word of the query, those that stand for it: itself, or those that it may have been meant for. */
  readonly alternatives: ReadonlyMap<string, readonly string[]>;
}

/** Words that may have been meant. */
const MAX_ALTERNATIVES = 8;

/**
 * Every word of a query must be found, as it is or as the beginning of a longer one; one that is nowhere, as a word with few
 * letters changed. `undefined`: the query has no words.
 */
export function matchWords(database: Database, query: string): Match | undefined {
  const words = [...new Set(wordsIn(query))];
  if (words.length === 0) return undefined;
  const alternatives = new Map(words.map((word) => [word, isThere(database, word) ? [word] : meant(database, word)]));
  const expression = Array.from(alternatives.values(), (some) => `(${some.map(prefix).join(" OR ")})`).join(" AND ");
  return { expression, alternatives };
}

/** Quoted, nothing in a word is an operator. */
function prefix(word: string): string {
  return `"${word}"*`;
}

function isThere(database: Database, word: string): boolean {
  return database.get("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", prefix(word)) !== null;
}

/** The words that are the fewest letters away; a slip in the first letter is rare, and looked for last. */
function meant(database: Database, word: string): readonly string[] {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  if (most === 0) return [word];
  const [first = ""] = word;
  const range = [word.length - most, word.length + most];
  const near = "length(term) BETWEEN ? AND ?";
  for (const [condition, values] of [
    [`substr(term, 1, 1) = ? AND ${near}`, [first, ...range]],
    [near, range],
  ] as const) {
    const terms = database
      .all(`SELECT term FROM terms WHERE ${condition}`, [...values])
      .map(({ term }) => term as string);
    const found = closest(word, terms, most);
    if (found.length > 0) return found;
  }
  return [word];
}

function closest(word: string, terms: readonly string[], most: number): readonly string[] {
  const ranked = terms.map((term) => ({ term, distance: editDistance(word, term) }));
  const least = ranked.reduce((best, { distance }) => Math.min(best, distance), most);
  return ranked
    .filter(({ distance }) => distance === least)
    .slice(0, MAX_ALTERNATIVES)
    .map(({ term }) => term);
}
