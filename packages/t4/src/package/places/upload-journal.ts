import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { BegunUpload, SentPart, UploadMemory } from "../../store/s3/begun-upload.js";
import { isAbandoned, temporaryName } from "../../transfer/temporary-name.js";
import { cachePath, pruneCache, readCacheFile } from "../cache-file.js";

/** Bytes that a push has sent, and where. */
interface Sent {
  /** Where they were to go, from the registry's root. */
  readonly key: string;
  readonly size: number;
  /** `sha2-256-chunked`, base64. */
  readonly hash: string;
  /** The physical key that they got. */
  readonly url: string;
}

/** An upload in parts that a push has begun. */
interface Begun extends Omit<BegunUpload, "parts"> {
  readonly key: string;
  /** Tells whether the process lives that goes on with it. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** A part of an upload that the server has. */
interface PartOf extends SentPart {
  readonly uploadId: string;
}

/** An upload that its process does not go on with. */
interface Left {
  readonly left: string;
}

/**
 * Remembers, in the user's cache, what a push has sent until it is published: one that died is gone on with by the next.
 * What it says has to be looked up; without it only time is lost.
 */
export interface UploadJournal {
  /** What was sent to a key and may still be there. */
  find(key: string): Sent | undefined;
  add(sent: Sent): void;
  /** Remembers an upload in parts to a key. */
  uploadTo(key: string): UploadMemory;
  /** Forgets all: it is published. */
  clear(): void;
}

/** Journals that are kept, the newest ones. */
const KEPT = 64;

/** Opens the journal of pushes to one package in one place. */
export function openJournal(place: readonly string[]): UploadJournal {
  const path = cachePath("uploads", JSON.stringify(place));
  const { sent, uploads } = readLines(path);
  let canWrite = true;
  const write = (line: Sent | Begun | PartOf | Left): void => {
    if (canWrite) canWrite = append(path, line);
  };
  return {
    find: (key) => sent.get(key),
    add: write,
    uploadTo(key) {
      let uploadId = "";
      return {
        take() {
          const found = uploads.get(key);
          uploads.delete(key);
          return found;
        },
        begun(upload) {
          ({ uploadId } = upload);
          write({ key, ...upload, owner: temporaryName(), atMs: Date.now() });
        },
        sent: (part) => write({ uploadId, ...part }),
        left() {
          if (uploadId !== "") write({ left: uploadId });
          // A home that cannot be written remembers nothing.
          return uploadId !== "" && canWrite;
        },
      };
    },
    clear() {
      try {
        rmSync(path, { force: true });
      } catch {
        // A home that cannot be written has none.
      }
    },
  };
}

/** Appends a line; a full disk or a read-only home must not fail a push. */
function append(path: string, record: object): boolean {
  const line = `${JSON.stringify(record)}\n`;
  try {
    appendFileSync(path, line, { mode: 0o600 });
    return true;
  } catch {
    // Its directory is perhaps not there yet.
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, line, { mode: 0o600 });
    pruneCache(dirname(path), KEPT);
    return true;
  } catch {
    return false;
  }
}

interface Remembered {
  readonly sent: Map<string, Sent>;
  /** Uploads that nobody goes on with, by key, the newest of each. */
  readonly uploads: Map<string, BegunUpload>;
}

function readLines(path: string): Remembered {
  const sent = new Map<string, Sent>();
  const begun = new Map<string, Begun>();
  const parts = new Map<string, Map<number, SentPart>>();
  const left = new Set<string>();
  for (const line of linesOf(path)) {
    const record = parse(line);
    if (record === undefined) continue;
    if ("left" in record) left.add(record.left);
    else if ("url" in record) sent.set(record.key, record);
    else if ("owner" in record) {
      begun.set(record.key, record);
      // Whoever goes on with an upload has not left it.
      left.delete(record.uploadId);
    } else {
      const { uploadId, ...part } = record;
      parts.set(uploadId, (parts.get(uploadId) ?? new Map<number, SentPart>()).set(part.number, part));
    }
  }
  const uploads = new Map<string, BegunUpload>();
  for (const [key, { uploadId, size, writeId, owner, atMs }] of begun) {
    if (left.has(uploadId) || isAbandoned(owner, Date.now() - atMs))
      uploads.set(key, { uploadId, size, writeId, parts: parts.get(uploadId) ?? new Map() });
  }
  return { sent, uploads };
}

function linesOf(path: string): readonly string[] {
  const bytes = readCacheFile(path);
  return bytes === undefined ? [] : new TextDecoder().decode(bytes).split("\n");
}

/** The fields of each kind of line. */
const KINDS = [
  { key: "string", size: "number", hash: "string", url: "string" },
  { key: "string", size: "number", uploadId: "string", writeId: "string", owner: "string", atMs: "number" },
  { uploadId: "string", number: "number", etag: "string", checksum: "string" },
  { left: "string" },
] as const;

/** A line as it was written; one that was cut off by a crash says nothing. */
function parse(line: string): Sent | Begun | PartOf | Left | undefined {
  try {
    const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const isWhole = KINDS.some((kind) => Object.entries(kind).every(([name, type]) => typeof record[name] === type));
    return isWhole ? (record as unknown as Sent | Begun | PartOf | Left) : undefined;
  } catch {
    return undefined;
  }
}
