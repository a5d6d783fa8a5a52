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
    editDistance(word.toLowerCase(), candidate.toLowerCase()),
    candidate,
  ]);
  const [best] = ranked.sort(([a], [b]) => a - b);
  return best !== undefined && best[0] <= Math.max(2, Math.floor(word.length / 3)) ? best[1] : undefined;
}

/**
 * How many letters of one text have to be added, left out, replaced or swapped with the next one to get the other (optimal string
 * alignment).
 */
export function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left, above, corner] = [next[j - 1], row[j], row[j - 1]] as [number, number, number];
      // Before the first letter there is none, which equals no letter.
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(left + 1, above + 1, corner + Number(a[i - 1] !== b[j - 1]), swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
