import type { Note, Version } from "../store.js";
import type { Headers } from "./transport.js";

/**
 * The last writes of an object, newest first. A conditional write leaves its id on top of those that it stood on, so a
 * writer who never heard whether he won finds it out in one read, also when others wrote since.
 */
export type WriteLog = readonly string[];

/** Ends a log that goes back to where there was no object. */
const BEGINNING = "-";
/** Writes in a log; user metadata may have 2 KiB in all. */
const MAX_WRITES = 24;
const PREFIX = "x-amz-meta-t4-";
const WRITES = `${PREFIX}writes`;

/** What `latest` must be for a conditional write: a state that was read, or none. */
export interface Base {
  /** As the server gave it, in quotes. */
  readonly etag: string;
  readonly log: WriteLog;
}

/** Headers that keep a note and the log of a write with its object. */
export function metadataHeaders(write: { readonly note?: Note | undefined; readonly log: WriteLog }): Headers {
  const note = Object.entries(write.note ?? {}).map(([name, value]) => [PREFIX + name, encodeURIComponent(value)]);
  return { ...(Object.fromEntries(note) as Headers), [WRITES]: write.log.join(",") };
}

/** The note in an answer's headers; `undefined` when there is none, or when it is not T4's. */
export function noteIn(headers: Headers): Note | undefined {
  const pairs = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX) && name !== WRITES);
  if (pairs.length === 0) return undefined;
  try {
    return Object.fromEntries(pairs.map(([name, value]) => [name.slice(PREFIX.length), decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}

/** The log of the state that an answer's headers describe; that of another client's write is its ETag alone. */
export function logIn(headers: Headers): WriteLog {
  const log = headers[WRITES];
  return log === undefined ? [foreignWrite(headers["etag"] ?? "")] : log.split(",");
}

/** The log that a write leaves. */
export function nextLog(id: string, base: Base | undefined): WriteLog {
  return [id, ...(base?.log ?? [BEGINNING])].slice(0, MAX_WRITES);
}

/**
 * Whether a write is in a log; `undefined` when the log does not say: it does not reach back to what the write stood on.
 */
export function isInLog(log: WriteLog, id: string, base: Base | undefined): boolean | undefined {
  if (log.includes(id)) return true;
  return log.includes(base?.log[0] ?? BEGINNING) ? false : undefined;
}

/** A state as callers hold it: what the condition names, and the log that the next write goes on with. */
export function versionFrom({ etag, log }: Base): Version {
  return [etag, ...log].join(" ") as Version;
}

/** The state that a version means. */
export function baseOf(version: Version): Base {
  const [etag = "", ...log] = version.split(" ");
  return { etag, log };
}

function foreignWrite(etag: string): string {
  return etag.replaceAll('"', "");
}
