import { DEFAULT_HASH, digestFromHashValue } from "./hasher.js";

/** An object's name: two digits, all 64, and the file's own ending. */
export const OBJECT_NAME: RegExp = /[0-9a-f]{2}\/[0-9a-f]{64}(?:\.[A-Za-z0-9_-]{1,16}){0,2}/;
/** The digits at the end of a key, whatever the ending. */
const DIGITS = /\/([0-9a-f]{64})[^/]*$/;

/** `<2 digits>/<64 digits><extension>`: no directory grows too large, and tools that go by the extension still work. */
export function objectName(chunkedHash: string, extension: string): string {
  const digits = digitsOf(chunkedHash) ?? "";
  return `${digits.slice(0, 2)}/${digits}${extension}`;
}

/** Whether an object's key says what its bytes are. */
export function saysHash(key: string): boolean {
  return DIGITS.test(key);
}

/** Whether an object's key says that its bytes have that hash. */
export function isNamedBy(key: string, chunkedHash: string): boolean {
  const digits = DIGITS.exec(key)?.[1];
  return digits !== undefined && digits === digitsOf(chunkedHash);
}

function digitsOf(chunkedHash: string): string | undefined {
  const digest = digestFromHashValue(DEFAULT_HASH, chunkedHash);
  return digest === undefined ? undefined : Buffer.from(digest).toString("hex");
}
