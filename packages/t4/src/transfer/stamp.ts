import type { Stats } from "node:fs";

/**
 * The identity and state of a local file, by which a change is noticed.
 *
 * Times are milliseconds since 1970 in steps of a quarter of a microsecond. That is finer than any file system's clock
 * ticks, and whoever relies on a stamp makes sure that the file was at rest for longer than a tick.
 */
export interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly device: number;
}

/** The stamp of a file. */
export function stampOf({ size, mtimeMs, ctimeMs, ino, dev }: Stats): Stamp {
  return { size, mtimeMs, ctimeMs, inode: ino, device: dev };
}

/** Whether two stamps are of one state of one file. */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.size === b.size &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.inode === b.inode &&
    a.device === b.device
  );
}

/** When the file was last changed, as far as its times show it. */
export function changedMs({ mtimeMs, ctimeMs }: Stamp): number {
  return Math.max(mtimeMs, ctimeMs);
}
