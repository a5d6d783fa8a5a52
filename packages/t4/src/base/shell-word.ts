/**
 * A word of a command line, quoted where a shell would take it for something else, so that it can be pasted.
 *
 * @example
 * ```ts
 * import { shellWord } from "t4";
 * console.log(`t4 cat ${shellWord("alice/a/jan 2024.csv")}`); // t4 cat 'alice/a/jan 2024.csv'
 * ```
 */
export function shellWord(word: string): string {
  return /^(?!~)[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
