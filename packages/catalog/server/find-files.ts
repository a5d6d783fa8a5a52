import type { FoundFiles } from "./api.js";

/** Hits that stay when there are too many to put in order: the best; more than anybody reads. */
const MOST_RANKED = 5000;

/**
 * Finds the paths that fit what somebody types: first those that hold it as it is, then those that hold its letters in
 * this order. Case does not count. Costs one pass over the paths, about 0.1 s for a million.
 */
export function findFiles(keys: readonly string[], query: string, limit: number): FoundFiles {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const ranked: Ranked[] = [];
  let matches = 0;
  for (const key of keys) {
    const rank = rankOf(key.toLowerCase(), wanted);
    if (rank === undefined) continue;
    matches++;
    if (ranked.push({ key, rank }) < 2 * MOST_RANKED) continue;
    ranked.sort(byRank);
    ranked.length = MOST_RANKED;
  }
  ranked.sort(byRank);
  return { paths: ranked.slice(0, limit).map(({ key }) => key), searched: keys.length, matches };
}

interface Ranked {
  readonly key: string;
  readonly rank: number;
}

function byRank(a: Ranked, b: Ranked): number {
  return a.rank - b.rank;
}

/** Less is better: the name before the directories, the beginning before the middle, short before long. */
function rankOf(key: string, wanted: string): number | undefined {
  const name = key.lastIndexOf("/") + 1;
  const inName = key.indexOf(wanted, name);
  if (inName !== -1) return (inName === name ? 0 : 1000) + key.length / 10;
  if (key.includes(wanted)) return 2000 + key.length / 10;
  let at = -1;
  for (const letter of wanted) {
    at = key.indexOf(letter, at + 1);
    if (at === -1) return undefined;
  }
  return 3000 + key.length / 10;
}
