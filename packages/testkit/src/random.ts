/** Numbers that one seed decides: the same seed gives the same run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, `end`). */
  below(end: number): number;
  /** Whether something happens that has this probability. */
  chance(probability: number): boolean;
  /** One of `items`, which must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
}

/** Numbers from a seed (xorshift with a multiplier, 32 bits of state): fast and good enough to choose schedules, no more. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return (Math.imul(state, 0x2c1b3c6d) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  for (let i = 0; i < 8; i++) next();
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
  };
}
