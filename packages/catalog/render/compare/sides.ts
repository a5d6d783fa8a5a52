import type { PreviewFile } from "../previews.js";

/** What has to be known of a file to compare it. */
export type ComparedFile = Pick<PreviewFile, "path" | "size" | "raw">;

/** Two states of a file, as they are sent to a worker. */
export interface Sides {
  readonly before: ComparedFile;
  readonly after: ComparedFile;
  /** Address that compares all rows of both, if they are tables. */
  readonly rows: string;
}

/** What is compared in the browser; larger tables are by the server. */
const MOST_BYTES = 24 << 20;

/** Whether all bytes of both are read by the server. */
export function isLarge({ before, after }: Pick<Sides, "before" | "after">): boolean {
  return Math.max(before.size, after.size) > MOST_BYTES;
}
