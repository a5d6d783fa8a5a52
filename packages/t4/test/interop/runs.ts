/** Random cases per run of CI: half from seeds that stay, so that what they found does not come back, half from a fresh one. */
const CASES = 2000;
const SEEDS = [20190607];

/** How random cases are run; a fresh seed is named when its cases fail. */
export const RUNS: readonly { readonly title: string; readonly seed: number; readonly numRuns: number }[] = [
  ...SEEDS.map((seed) => ({ title: `seed ${seed}`, seed, numRuns: CASES / 2 / SEEDS.length })),
  { title: "a fresh seed", seed: Date.now() | 0, numRuns: CASES / 2 },
];
