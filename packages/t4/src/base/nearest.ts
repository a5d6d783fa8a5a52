/**
 * The known word that is the fewest edits away, if that is few enough to be a slip; `undefined` otherwise. Upper and lower
 * case count as one.
 *
 * @example
 * ```ts
 * import { nearest } from "t4";
 * console.assert(nearest("instal", ["push", "install"]) === "install");
 * ```
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate): [number, string] => [
    distance(word.toLowerCase(), candidate.toLowerCase()),
    candidate,
  ]);
  const [best] = ranked.sort(([a], [b]) => a - b);
  return best !== undefined && best[0] <= Math.max(2, Math.floor(word.length / 3)) ? best[1] : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
