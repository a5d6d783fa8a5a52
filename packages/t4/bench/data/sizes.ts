/** How much data the flows work on. */
export interface Sizes {
  readonly largeCount: number;
  readonly largeMiB: number;
  readonly smallCount: number;
  readonly rows: number;
}

/** What targets on large files speak of. */
export const LARGE = { largeCount: 20, largeMiB: 100 } as const;

/** What targets on many small files speak of. */
export const SMALL = { smallCount: 50_000 } as const;

/** What targets on large manifests speak of. */
export const ROWS = { rows: 1_000_000 } as const;

/** All of them: the sizes of a full run. */
export const FULL: Sizes = { ...LARGE, ...SMALL, ...ROWS };
