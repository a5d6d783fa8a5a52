import { T4Error } from "../base/errors.js";
import { isTopHash, type TopHash } from "./top-hash.js";

/** The pointer that names the newest revision. */
export const LATEST = "latest";

/** Pointer names of revisions: exactly ten digits, seconds since 1970. */
const TIMESTAMP = /^[0-9]{10}$/;

/** Tells whether a pointer's name is that of a revision, not `latest` or a tag. */
export function isTimestampPointer(name: string): boolean {
  return TIMESTAMP.test(name);
}

/** Tells whether a name can be that of a pointer: `latest`, ten digits, or a tag. */
export function isPointerName(name: string): boolean {
  return name === LATEST || isTimestampPointer(name) || isTag(name);
}

/** Reads the body of a pointer file, or `undefined` when it is not (yet) one: 64 hexadecimal digits, one newline allowed. */
export function readPointer(bytes: Uint8Array): TopHash | undefined {
  if (bytes.length !== 64 && bytes.length !== 65) return undefined;
  const text = new TextDecoder("latin1").decode(bytes);
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  return isTopHash(body) ? body : undefined;
}

/** The body of a pointer file: 64 bytes and no newline, which Quilt would not strip. */
export function encodePointer(topHash: TopHash): Uint8Array {
  return new TextEncoder().encode(topHash);
}

function isTag(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name) && name !== LATEST && !/^[0-9]+$/.test(name);
}

/** A tag's name: not `latest`, not a timestamp, safe as a file name. */
export function parseTag(text: string): string {
  if (isTag(text)) return text;
  throw new T4Error("ERR_T4_INVALID_REFERENCE", `Invalid tag ${JSON.stringify(text)}.`, {
    hint: "Use letters, digits, '_', '.' and '-'; not 'latest', not only digits, at most 100 characters.",
  });
}
