import { T4Error } from "../base/errors.js";
import { createHasher } from "../hash/hasher.js";
import type { Expected } from "../transfer/file-job.js";

/** So many bytes are held until they are known to be right. */
const HELD_BYTES = 4 << 20;

/**
 * Passes chunks on and fails at the end unless they were what is expected. Never passes on more bytes than that, and of a file
 * of up to 4 MiB nothing that is not right.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY`, after the last chunk; of a file of up to 4 MiB, before the first.
 */
export async function* verifiedStream(
  chunks: AsyncIterable<Uint8Array>,
  { expected, logicalKey }: { readonly expected: Expected; readonly logicalKey: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const hasher = createHasher(expected.type, expected.size);
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > expected.size) throw unexpected(logicalKey, expected);
    hasher.update(chunk);
    if (expected.size <= HELD_BYTES) held.push(chunk);
    else yield chunk;
  }
  if (size !== expected.size || hasher.digest() !== expected.value) throw unexpected(logicalKey, expected);
  yield* held;
}

function unexpected(logicalKey: string, { type, value }: Expected): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `The bytes of ${JSON.stringify(logicalKey)} are not what the package says: expected ${type} ${value}.`,
    {
      hint: "They were changed or damaged since the revision was made; t4 fsck --read-data finds all such files.",
      facts: { logicalKey, expected: value },
    },
  );
}
