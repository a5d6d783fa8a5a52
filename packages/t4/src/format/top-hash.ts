import { T4Error } from "../base/errors.js";
import { createSha256 } from "../hash/sha256.js";
import { type Entry, hasMeta } from "./entry.js";
import type { Header } from "./header.js";
import { canonicalJson, canonicalString } from "./json-write.js";
import { objectHashJson } from "./object-hash.js";

/** The permanent name of exactly this content, 64 lower-case hexadecimal digits: a string. T4 gives it out and takes plain strings. */
export type TopHash = string & {
  /** Keeps unchecked strings out. */
  readonly __brand: "TopHash";
};

const TOP_HASH = /^[0-9a-f]{64}$/;

/** Tells whether a text is a full top hash. */
export function isTopHash(text: string): text is TopHash {
  return TOP_HASH.test(text);
}

/** A top hash as people see it: its first 12 digits. */
export function shortHash(topHash: string): string {
  return topHash.slice(0, 12);
}

/**
 * Checks a full top hash.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` when it is not 64 lower-case hexadecimal digits.
 */
export function parseTopHash(text: string): TopHash {
  if (isTopHash(text)) return text;
  throw new T4Error(
    "ERR_T4_INVALID_REFERENCE",
    `Invalid top hash ${JSON.stringify(text)}: expected 64 lower-case hexadecimal digits.`,
    { hint: "Take it whole from t4 log --json; Registry.resolve finds it by its first digits." },
  );
}

/** Computes a top hash; feed the header, then all entries in tree order. */
export interface TopHasher {
  header(header: Header): void;
  /** @throws {@link T4Error} `ERR_T4_FORMAT` when the entry has no hash or size yet. */
  entry(entry: Entry): void;
  /** Adds canonical text that was made elsewhere. */
  canonical(text: string | Uint8Array): void;
  digest(): TopHash;
}

/** Canonical texts are gathered to this length before they are hashed: one call per entry would cost more than the hash. */
const BATCH_UNITS = 32 * 1024;

/**
 * Starts a top hash: SHA-256 over the canonical header and entries, without anything between them.
 *
 * Physical keys and directory metadata do not count. Source: Quilt 3's `Package.top_hash`.
 */
export function createTopHasher(): TopHasher {
  const sha = createSha256();
  let batch = "";
  const flush = (): void => {
    sha.update(batch);
    batch = "";
  };
  const add = (text: string): void => {
    batch += text;
    if (batch.length >= BATCH_UNITS) flush();
  };
  return {
    header: (header) => add(canonicalJson(header)),
    entry: (entry) => add(canonicalEntry(entry)),
    canonical(text) {
      if (typeof text === "string") {
        add(text);
        return;
      }
      flush();
      sha.update(text);
    },
    digest() {
      flush();
      return hexOf(sha.digest()) as TopHash;
    },
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The canonical text of one entry. */
export function canonicalEntry(entry: Entry): string {
  const { hash, meta, size } = entry;
  if (hash === null || size === null) {
    throw new T4Error(
      "ERR_T4_FORMAT",
      `The entry ${JSON.stringify(entry.logicalKey)} has no ${hash === null ? "hash" : "size"} yet.`,
      {
        hint: "Build or push the package first.",
      },
    );
  }
  const hashText =
    hash.raw === undefined
      ? `{"type":${canonicalString(hash.type)},"value":${canonicalString(hash.value)}}`
      : canonicalJson(objectHashJson(hash));
  const metaText = hasMeta(meta) ? canonicalJson(meta) : "{}";
  const sizeText = typeof size === "number" ? String(size) : canonicalJson(size);
  return `{"hash":${hashText},"logical_key":${canonicalString(entry.logicalKey)},"meta":${metaText},"size":${sizeText}}`;
}
