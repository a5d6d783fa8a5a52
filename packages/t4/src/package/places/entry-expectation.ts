import { T4Error } from "../../base/errors.js";
import type { Entry } from "../../format/entry.js";
import { isHashType } from "../../hash/hasher.js";
import type { Expected } from "../../transfer/file-job.js";

/** What an entry's bytes must be; `undefined` when its hash is not known or not of a kind that can be computed. */
export function expectationOf({ hash, size }: Pick<Entry, "hash" | "size">): Expected | undefined {
  if (hash === null || !isHashType(hash.type) || typeof size !== "number") return undefined;
  return { type: hash.type, value: hash.value, size };
}

/**
 * What an entry's bytes must be.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` saying why they cannot be checked.
 */
export function requireExpectation(entry: Entry): Expected {
  const expected = expectationOf(entry);
  if (expected !== undefined) return expected;
  const { logicalKey } = entry;
  throw new T4Error("ERR_T4_INTEGRITY", `Cannot verify ${JSON.stringify(logicalKey)}: ${reasonOf(entry)}.`, {
    hint: "Another client wrote the entry so. Set the file again; { verify: false } reads it unchecked.",
    facts: { logicalKey },
  });
}

function reasonOf({ hash }: Entry): string {
  if (hash === null) return "it has no hash";
  return isHashType(hash.type) ? "its size is no plain number" : `it has a hash of the unknown type ${hash.type}`;
}
