import type { Checksum, ChecksumName } from "./checksum.js";
import type { Headers } from "./message.js";

/** A part that was uploaded. */
export interface Part {
  readonly number: number;
  readonly body: Uint8Array;
  /** In quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly modifiedMs: number;
}

/** An upload that was begun and neither completed nor aborted. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly headers: Headers;
  /** `undefined`: parts may bring checksums, the object gets none of its own from them. */
  readonly checksumName: ChecksumName | undefined;
  readonly checksumType: Checksum["type"];
  readonly startedMs: number;
  readonly parts: Map<number, Part>;
}
