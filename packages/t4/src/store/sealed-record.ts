import { versionOf } from "./version.js";

/** Writes a small record as JSON with a checksum, so that a damaged one is never taken for another. */
export function sealRecord(record: object): Uint8Array {
  return Buffer.from(JSON.stringify({ ...record, check: checkOf(record) }));
}

/** Reads a sealed record; `undefined` when it is damaged. Whoever can write to the store can also seal what he likes. */
export function openRecord(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const { check: _, ...record } = parsed as Record<string, unknown>;
  // To the byte: a record says one thing in one way.
  return Buffer.from(sealRecord(record)).equals(bytes) ? record : undefined;
}

function checkOf(record: object): string {
  return versionOf(Buffer.from(JSON.stringify(record)));
}
