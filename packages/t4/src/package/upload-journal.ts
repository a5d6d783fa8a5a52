import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { locations } from "../config/locations.js";
import { pruneCache, readCacheFile } from "./cache-file.js";

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

/**
 * Remembers, in the user's cache, what a push has sent until it is published: one that died is gone on with by the next.
 * What it says has to be looked up; without it only time is lost.
 */
export interface UploadJournal {
  /** What was sent to a key and may still be there. */
  find(key: string): Sent | undefined;
  add(sent: Sent): void;
  /** Forgets all: it is published. */
  clear(): void;
}

/** Journals that are kept, the newest ones. */
const KEPT = 64;

/** Opens the journal of pushes to one package in one place. */
export function openJournal(place: readonly string[]): UploadJournal {
  const name = createHash("sha256").update(JSON.stringify(place)).digest("hex");
  const path = join(locations().cache, "uploads", name);
  const known = new Map<string, Sent>();
  for (const line of linesOf(path)) {
    const sent = parse(line);
    if (sent !== undefined) known.set(sent.key, sent);
  }
  let canWrite = true;
  return {
    find: (key) => known.get(key),
    add(sent) {
      if (canWrite) canWrite = append(path, sent);
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
function append(path: string, sent: Sent): boolean {
  const line = `${JSON.stringify(sent)}\n`;
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

function linesOf(path: string): readonly string[] {
  const bytes = readCacheFile(path);
  return bytes === undefined ? [] : new TextDecoder().decode(bytes).split("\n");
}

/** A line as it was written; one that was cut off by a crash says nothing. */
function parse(line: string): Sent | undefined {
  try {
    const { key, size, hash, url } = JSON.parse(line) as Partial<Record<keyof Sent, unknown>>;
    const isWhole =
      typeof key === "string" && typeof size === "number" && typeof hash === "string" && typeof url === "string";
    return isWhole ? { key, size, hash, url } : undefined;
  } catch {
    return undefined;
  }
}
