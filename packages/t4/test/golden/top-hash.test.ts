import { describe, expect, it } from "vitest";
import { encodeManifest } from "#t4/manifest/encode-manifest.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { gunzipVector, vectors } from "./vectors.js";

interface Outcome {
  readonly top_hash?: string;
  readonly top_hash_error?: string;
  readonly load_error?: string;
  readonly redump?: string;
  readonly redump_error?: string;
}

interface Case {
  readonly id: string;
  readonly manifest?: string;
  readonly manifest_file?: string;
  readonly quilt3: Outcome;
  readonly t4: Outcome;
  readonly walk_order?: readonly string[];
}

const { cases } = vectors<{ cases: Case[] }>("top-hash.json");

/** Where we read what both peers refuse, each with its reason. */
const ACCEPTED: ReadonlyMap<string, string> = new Map([
  ["foreign-blank-line-end", "a blank line at the end does no harm"],
  ["foreign-bom", "editors on Windows add a byte order mark"],
  ["foreign-meta-missing", "quilt-rs writes entries without meta"],
]);

/** What we refuse although T4 2019 loads it: it reads a list of keys that is one string letter by letter. */
const REFUSED = new Set(["foreign-physical-string"]);

/** Where Quilt refuses to load and T4 2019 loads, we load and refuse on use: a listing must not fail for one odd key. */
function expectation({ quilt3, t4 }: Case): Outcome {
  return quilt3.load_error === "URLParseError" ? { ...t4, redump: "same" } : quilt3;
}

function bytesOf({ manifest, manifest_file }: Case): Uint8Array {
  return manifest_file === undefined ? Buffer.from(manifest ?? "", "utf8") : gunzipVector(manifest_file);
}

describe("top-hash.json", () => {
  it.each(cases)("$id", async (golden) => {
    const expected = expectation(golden);
    const bytes = bytesOf(golden);
    if (REFUSED.has(golden.id) || (expected.load_error !== undefined && !ACCEPTED.has(golden.id))) {
      expect(() => openManifest(memoryReader(bytes))).toThrow();
      return;
    }
    const manifest = openManifest(memoryReader(bytes));
    if (ACCEPTED.has(golden.id)) {
      expect(manifest.topHash).toMatch(/^[0-9a-f]{64}$/);
      return;
    }
    expect(manifest.topHash).toBe(expected.top_hash);
    if (golden.walk_order !== undefined) {
      expect(Array.from(manifest.run.entries(), (entry) => entry.logicalKey)).toEqual(golden.walk_order);
    }
    if (expected.top_hash === undefined) return;
    const rewritten: Uint8Array[] = [];
    const content = { header: manifest.header, directories: manifest.directories, entries: manifest.run.entries() };
    const encoded = encodeManifest(content, (chunk) => rewritten.push(chunk));
    if (expected.redump_error !== undefined) {
      await expect(encoded).rejects.toMatchObject({ code: "ERR_T4_INVALID_META" });
      return;
    }
    expect((await encoded).topHash).toBe(expected.top_hash);
    // Quilt keeps only the first of several physical keys; T4 2019 and we keep all.
    const redump = golden.id === "foreign-physical-two" ? "same" : expected.redump;
    expect(Buffer.concat(rewritten).toString()).toBe(redump === "same" ? Buffer.from(bytes).toString() : redump);
  });
});
