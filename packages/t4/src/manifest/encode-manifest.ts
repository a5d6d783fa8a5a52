import { compareCodePoints } from "../base/code-points.js";
import type { Entry } from "../format/entry.js";
import type { Header } from "../format/header.js";
import type { Json } from "../format/json-value.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { directoryLine, entryLine, headerLine, isTruthy } from "../format/manifest-line.js";
import { createTopHasher, type TopHash } from "../format/top-hash.js";
import { createDirectoryLimit } from "./directory-lines.js";

/** What a manifest says. */
export interface ManifestContent {
  readonly header: Header;
  /** Metadata of directories by path. */
  readonly directories: ReadonlyMap<string, Json>;
  /** Entries in tree order. */
  readonly entries: Iterable<Entry> | AsyncIterable<Entry>;
}

/** What was written. */
export interface EncodedManifest {
  readonly topHash: TopHash;
}

/** Lines are handed on in pieces of about this many UTF-16 units. */
const PIECE_UNITS = 256 * 1024;

/**
 * Writes a manifest as Quilt 3 does, byte for byte, and computes its top hash on the way; memory does not grow with it.
 *
 * `write` gets chunks of UTF-8 in order.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when an entry is not built, `ERR_T4_INVALID_META` when a line cannot be written or
 * directories have more metadata than is ever read.
 */
export async function encodeManifest(
  content: ManifestContent,
  write: (chunk: Uint8Array) => void,
): Promise<EncodedManifest> {
  const encoder = new TextEncoder();
  const hasher = createTopHasher();
  let text = [...leadingLines(content)].join("");
  hasher.header(content.header);
  const add = (entry: Entry): void => {
    hasher.entry(entry);
    text += `${entryLine(entry)}\n`;
    if (text.length < PIECE_UNITS) return;
    write(encoder.encode(text));
    text = "";
  };
  // Not `for await` over plain iterables: a promise per entry would cost more than the entry.
  if (Symbol.asyncIterator in content.entries) for await (const entry of content.entries) add(entry);
  else for (const entry of content.entries) add(entry);
  if (text.length > 0) write(encoder.encode(text));
  return { topHash: hasher.digest() };
}

/** The lines of a manifest, each with its line end. */
export function* manifestLines(
  content: ManifestContent & { readonly entries: Iterable<Entry> },
): Generator<string, void, undefined> {
  yield* leadingLines(content);
  for (const entry of content.entries) yield `${entryLine(entry)}\n`;
}

const utf8 = new TextEncoder();

/** The header; then directories, pre-order, children by code point: the order in which Quilt writes them. */
function* leadingLines({ header, directories }: ManifestContent): Generator<string, void, undefined> {
  yield `${headerLine(header)}\n`;
  const count = createDirectoryLimit("ERR_T4_INVALID_META");
  const paths = [...directories.keys()].sort((a, b) => compareLogicalKeys(a, b) || compareCodePoints(a, b));
  for (const path of paths) {
    const meta = directories.get(path);
    if (meta === undefined || !isTruthy(meta)) continue;
    const line = directoryLine(path, meta);
    count(utf8.encode(line).length);
    yield `${line}\n`;
  }
}
