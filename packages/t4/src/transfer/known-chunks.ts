import { SHA256_BYTES } from "../hash/sha256.js";
import type { Read } from "./file-job.js";
import type { Stamp } from "./stamp.js";

/** SHA-256 of the chunks of large files that this process has hashed, by the file's state then. */
const known = new Map<string, Uint8Array>();
let bytes = 0;
/** Of a terabyte of files. */
const MOST_BYTES = 4 << 20;

function stateOf({ device, inode, size, mtimeMs, ctimeMs }: Stamp): string {
  return [device, inode, size, mtimeMs, ctimeMs].join(" ");
}

/** Notes the chunks of a large file that was hashed: whoever sends it need not hash it again. */
export function noteChunks({ chunks, stamp }: Pick<Read, "chunks" | "stamp">): void {
  if (chunks === undefined || stamp === undefined || chunks.length > MOST_BYTES) return;
  if (bytes + chunks.length > MOST_BYTES) {
    known.clear();
    bytes = 0;
  }
  const state = stateOf(stamp);
  bytes += chunks.length - (known.get(state)?.length ?? 0);
  known.set(state, chunks);
}

/** The SHA-256 of the chunks of a file in this state, in order; `undefined`: nobody has hashed it here. */
export function chunksOf(stamp: Stamp): readonly Uint8Array[] | undefined {
  const chunks = known.get(stateOf(stamp));
  if (chunks === undefined) return undefined;
  return Array.from({ length: chunks.length / SHA256_BYTES }, (_, index) =>
    chunks.subarray(index * SHA256_BYTES, (index + 1) * SHA256_BYTES),
  );
}
