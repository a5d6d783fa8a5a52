import type { Random } from "../random.js";

/** What parsers branch on: more often a way in than a chance byte. */
const TOKENS = [
  '{"',
  '":',
  "null",
  "[]",
  "{}",
  "\\u0000",
  "\\ud800",
  "__proto__",
  "constructor",
  "NaN",
  "-Infinity",
  "1e999",
  "0.1",
  "9007199254740993",
  "file:///",
  "s3://",
  "?versionId=",
  "%2F",
  "%",
  "../",
  "..",
  "/",
  "@",
  ":",
  "\n",
  "\r",
  "\0",
  "\ufeff",
  "\u2028",
  "a".repeat(64),
  "0".repeat(64),
  "SHA256",
  "sha2-256-chunked",
  "logical_key",
  "physical_keys",
  "latest~1",
].map((token) => Buffer.from(token)); // prettier-ignore
const MAX_BYTES = 4096;

/** A few changes of known bytes: flips, cuts, repeats, tokens, pieces of another. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  for (let i = 0; i <= random.below(4); i++) {
    const at = random.below(result.length + 1);
    const to = Math.min(result.length, at + 1 + random.below(16));
    const from = random.below(other.length + 1);
    const [head, piece, tail] = [result.subarray(0, at), result.subarray(at, to), result.subarray(to)];
    result = random.pick([
      () => Buffer.concat([head, piece.map((byte) => byte ^ (1 << random.below(8))), tail]),
      () => Buffer.concat([head, Buffer.from([random.below(256)]), piece, tail]),
      () => Buffer.concat([head, tail]),
      () => Buffer.concat([head, piece, piece, tail]),
      () => Buffer.concat([head, random.pick(TOKENS), piece, tail]),
      () => Buffer.concat([head, other.subarray(from, from + 1 + random.below(64)), tail]),
    ])();
  }
  return result.subarray(0, MAX_BYTES);
}
