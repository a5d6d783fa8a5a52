import { T4Error } from "../base/errors.js";
import type { Expected, Read, Source } from "./file-job.js";

/** The size and hashes of what was read. */
type Content = Pick<Read, "size" | "values">;

/** Whether what was read is what a claim says. */
export function fulfils(read: Content, claim: Expected): boolean {
  return read.size === claim.size && read.values[claim.type] === claim.value;
}

/** @throws {@link T4Error} `ERR_T4_INTEGRITY` naming the file when it is not what was expected. */
export function requireExpected(read: Content, expected: Expected, source: Source): void {
  if (fulfils(read, expected)) return;
  const where = nameOf(source);
  const found = read.size === expected.size ? `${expected.type} ${read.values[expected.type]}` : `${read.size} bytes`;
  const wanted = read.size === expected.size ? `${expected.type} ${expected.value}` : `${expected.size} bytes`;
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The content of ${where} is not what the package says: expected ${wanted}, got ${found}.`,
    {
      hint: "The bytes were changed or damaged since the revision was made, and are not taken. t4 fsck --read-data finds all such files of a registry.",
      facts: { path: where, expected: expected.value, found: read.values[expected.type] ?? "" },
    },
  );
}

/** What people call a source. */
export function nameOf(source: Source): string {
  if ("url" in source) return source.url;
  return "path" in source ? source.path : "the bytes in memory";
}
