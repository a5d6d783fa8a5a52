import { T4Error } from "../base/errors.js";
import { type Entry, hasMeta, NO_META } from "./entry.js";
import { type Header, readHeader } from "./header.js";
import { parseJson } from "./json-parse.js";
import type { Json, JsonObject } from "./json-value.js";
import { writeJson, writtenString } from "./json-write.js";
import { objectHashJson, parseObjectHash } from "./object-hash.js";

/** Longest line that Quilt writes, bytes of UTF-8. */
const MAX_WRITTEN_LINE_BYTES = 1_000_000;

/** A line after the header: a file, the metadata of a directory, or (written by nobody, but read by all) of the root. */
export type ManifestLine =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "directory"; readonly path: string; readonly meta: Json }
  | { readonly kind: "root"; readonly meta: Json };

const encoder = new TextEncoder();

/**
 * Reads the first line of a manifest; a byte order mark before it does not count.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is not a JSON object.
 */
export function parseHeaderLine(text: string): Header {
  return readHeader(parseJson(text.replace(/^\uFEFF/, "")));
}

/**
 * Reads a line after the header. A line without physical keys is a directory's metadata, its key up to the last slash.
 *
 * Source: Quilt 3's `Package.load`; unknown members are dropped as there.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is not an entry.
 */
export function parseManifestLine(text: string): ManifestLine {
  const value = parseJson(text);
  if (!(value instanceof Map)) return fail("expected a JSON object", text);
  const object = value as JsonObject;
  const logicalKey = keyOf(object.get("logical_key"), text);
  const physicalKeys = object.get("physical_keys");
  if (!Array.isArray(physicalKeys) || physicalKeys.length === 0) {
    if (physicalKeys !== undefined && physicalKeys !== null && !Array.isArray(physicalKeys))
      fail("physical_keys is no list", text);
    const slash = logicalKey.lastIndexOf("/");
    const meta = object.get("meta") ?? null;
    return slash === -1 ? { kind: "root", meta } : { kind: "directory", path: logicalKey.slice(0, slash), meta };
  }
  if (!physicalKeys.every((key) => typeof key === "string")) fail("a physical key is no string", text);
  if (!object.has("hash")) fail("the member hash is missing", text);
  const size = object.get("size");
  if (size === undefined) return fail("the member size is missing", text);
  return {
    kind: "entry",
    entry: {
      logicalKey,
      physicalKeys: physicalKeys,
      size,
      hash: parseObjectHash(object.get("hash")),
      meta: metaOf(object.get("meta")),
    },
  };
}

function keyOf(value: Json | undefined, text: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value.join("/");
  return fail("the member logical_key is missing or no string", text);
}

/** Both originals read every falsy `meta` as `{}`. */
function metaOf(value: Json | undefined): Json {
  return value !== undefined && isTruthy(value) ? value : NO_META;
}

/** Truth as Python sees it. */
export function isTruthy(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return false;
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  return !(typeof value === "object" && "value" in value && value.value === 0);
}

function fail(reason: string, text: string): never {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  throw new T4Error("ERR_T4_FORMAT", `Invalid manifest line: ${reason} in ${JSON.stringify(shown)}.`);
}

/** The header as a line, without line end. */
export function headerLine(header: Header): string {
  return checkLength(writeJson(header), "the package metadata");
}

/** A directory's metadata as a line, without line end; `path` has no trailing slash. */
export function directoryLine(path: string, meta: Json): string {
  return checkLength(`{"logical_key": ${writtenString(`${path}/`)}, "meta": ${writeJson(meta)}}`, path);
}

/**
 * An entry as a line, without line end, byte for byte as Quilt 3 writes it.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_META` when the line is too long for Quilt or holds what UTF-8 or JSON cannot.
 */
export function entryLine(entry: Entry): string {
  const keys = entry.physicalKeys.map(writtenString).join(", ");
  const head = `{"logical_key": ${writtenString(entry.logicalKey)}, "physical_keys": [${keys}], "size": ${writeJson(entry.size)}`;
  const meta = hasMeta(entry.meta) ? writeJson(entry.meta) : "{}";
  return checkLength(`${head}, "hash": ${writtenHash(entry)}, "meta": ${meta}}`, entry.logicalKey);
}

function writtenHash(entry: Entry): string {
  const { hash } = entry;
  if (hash === null || hash.raw !== undefined) return writeJson(objectHashJson(hash));
  return `{"type": ${writtenString(hash.type)}, "value": ${writtenString(hash.value)}}`;
}

function checkLength(line: string, what: string): string {
  // A UTF-16 unit takes at most three bytes: measure only what could be too long.
  if (line.length * 3 <= MAX_WRITTEN_LINE_BYTES || encoder.encode(line).length <= MAX_WRITTEN_LINE_BYTES) return line;
  throw new T4Error(
    "ERR_T4_INVALID_META",
    `The manifest line of ${what} is longer than ${MAX_WRITTEN_LINE_BYTES} bytes, Quilt's limit.`,
    {
      hint: "Move large metadata into a file of the package.",
    },
  );
}
