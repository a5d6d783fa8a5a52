import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import { OBJECTS } from "../format/registry-layout.js";
import { type HashType, isHashType } from "../hash/hasher.js";
import type { FindingCode } from "./findings.js";
import type { ObjectsCheck } from "./fsck-objects.js";
import type { Check } from "./fsck-report.js";
import type { KeyFinder } from "./object-key.js";

/** What entries are checked against. */
export interface EntryCheck extends Check {
  readonly objects: ObjectsCheck;
  readonly keyOf: KeyFinder;
  /** What was found of objects in buckets, by what was expected of them: revisions have most objects in common. */
  readonly faults: Map<string, Promise<Fault | undefined>>;
}

/** An entry, and the manifest that has it. */
export interface ListedEntry {
  readonly entry: Entry;
  readonly where: string;
}

/** What is wrong with an entry's bytes. */
export interface Fault {
  readonly code: FindingCode;
  readonly message: string;
}

/** Bytes that are not those of the entry's hash. */
export const WRONG_BYTES: Fault = { code: "E_OBJECT_HASH", message: "holds other bytes than its hash says." };

/** Bytes that are not as many as the entry says. */
export function wrongSize(size: number, entry: Entry): Fault {
  return { code: "E_OBJECT_SIZE", message: `has ${size} bytes, expected ${canonicalJson(entry.size)}.` };
}

/**
 * Whether an entry's bytes are right, as far as that is known; else the hash that they must have. `key` is theirs in the
 * registry, where they lie there.
 *
 * An object of ours was read already, under its name; where the entry's hash is another, both count.
 */
export function verdictOn(
  { objects }: EntryCheck,
  { hash }: Entry,
  key: string | undefined,
): boolean | { readonly type: HashType; readonly value: string } {
  const isOurs = key?.startsWith(OBJECTS) === true;
  if (isOurs && objects.isDamaged(key)) return false;
  if (hash === null || !isHashType(hash.type)) return true;
  return (isOurs && objects.isNamedBy(key, hash)) || { type: hash.type, value: hash.value };
}
