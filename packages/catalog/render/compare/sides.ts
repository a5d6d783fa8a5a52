import type { WorkProgress } from "../../server/table-api.js";
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

/** Told how far a comparison is. */
export type Tell = (progress: WorkProgress) => void;

/** Time between two reports: what is quicker than one of them needs none. */
const REPORT_MS = 300;

/** Counts the bytes of both files as they come, and tells. */
export function countingRead(bytesTotal: number, tell: Tell): (more: number) => void {
  let [bytesDone, toldAt] = [0, Date.now()];
  return (more) => {
    bytesDone += more;
    if (Date.now() - toldAt < REPORT_MS) return;
    toldAt = Date.now();
    tell({ isComputing: false, bytesDone, bytesTotal });
  };
}
