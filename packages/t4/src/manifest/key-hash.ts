import { isPlainWord, plainEnd, type ViewedBytes } from "./plain-bytes.js";

const START = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/**
 * A hash of a key, 32 bits: FNV-1a over its UTF-16 units, four at a time. The blocks of a manifest are cut by it, so that
 * they are the same wherever the same keys are.
 */
export function keyHash(key: string): number {
  let hash = START;
  let at = 0;
  for (; at + 4 <= key.length; at += 4) {
    const high = (key.charCodeAt(at + 2) << 16) ^ (key.charCodeAt(at + 3) << 24);
    hash = Math.imul(hash ^ key.charCodeAt(at) ^ (key.charCodeAt(at + 1) << 8) ^ high, PRIME);
  }
  for (; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), PRIME);
  return hash;
}

/** The hash of a key of plain bytes that starts at `start`, and where it ends. */
export function plainKeyHash(text: ViewedBytes, start: number, found: { hash: number; end: number }): void {
  const { bytes, view } = text;
  let hash = START;
  let at = start;
  for (; at + 4 <= bytes.length; at += 4) {
    const word = view.getInt32(at, true);
    if (!isPlainWord(word)) break;
    hash = Math.imul(hash ^ word, PRIME);
  }
  // At most three: else another word would have been taken.
  const end = plainEnd(text, at);
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  found.hash = hash;
  found.end = end;
}
