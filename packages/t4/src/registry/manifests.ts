import { isAbsent, T4Error } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { messageOf } from "../format/header.js";
import { parseHeaderLine } from "../format/manifest-line.js";
import { pathOrUrl } from "../format/physical-key.js";
import { manifestKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import { createSha256 } from "../hash/sha256.js";
import { lineEnd, lineText, MAX_LINE_BYTES, NEWLINE, readLineChunks } from "../manifest/line-reader.js";
import { type Manifest, openByIndex, openWithIndex } from "../manifest/manifest.js";
import { decodeIndex, encodeIndex, type ManifestIndex } from "../manifest/manifest-index.js";
import { memoryReader } from "../manifest/memory-reader.js";
import type { RangeReader } from "../manifest/range-reader.js";
import { fileReader } from "../store/file/file-reader.js";
import type { RegistryContext } from "./context.js";

/** A manifest that is what its name says. */
export interface NamedManifest extends Manifest {
  readonly topHash: TopHash;
}

/** Manifests of fewer bytes are read in less time than they are worth remembering. */
const MIN_INDEXED_BYTES = 4 << 20;
/** In which a header with metadata of usual length fits. */
const HEAD_BYTES = 64 << 10;

/**
 * Reads the manifest of a top hash; every byte that counts is checked against the name. `close` it.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when it is absent, `ERR_T4_INTEGRITY` when it is another one's or damaged.
 */
export async function readManifest(context: RegistryContext, topHash: TopHash): Promise<NamedManifest> {
  return readFrom(await requireReader(context, topHash), context, topHash);
}

/**
 * Reads the manifest of a top hash as {@link readManifest} does, if its bytes have a SHA-256: that also covers what the top
 * hash does not, metadata of directories and the places of files.
 *
 * @throws {@link T4Error} as `readManifest`, and `ERR_T4_INTEGRITY` when the bytes are others.
 */
export async function readPinnedManifest(
  context: RegistryContext,
  { topHash, digest }: { readonly topHash: TopHash; readonly digest: string },
): Promise<NamedManifest> {
  const reader = await requireReader(context, topHash);
  const found = orClosed(reader, () => digestOf(reader));
  if (found === digest) return readFrom(reader, context, topHash);
  reader.close();
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The manifest ${topHash} in ${pathOrUrl(context.store.url)} has the SHA-256 ${found}, expected ${digest}.`,
    {
      hint: "Metadata of its directories or the places of its files changed since: pin it anew with t4 add if you trust them.",
      facts: { topHash, registry: context.store.url, expected: digest, found },
    },
  );
}

/** The SHA-256 of a manifest's bytes, hexadecimal. Costs one read of it. */
export async function manifestDigest(context: RegistryContext, topHash: TopHash): Promise<string> {
  const reader = await requireReader(context, topHash);
  try {
    return digestOf(reader);
  } finally {
    reader.close();
  }
}

const PIECE_BYTES = 1 << 20;

function digestOf(reader: RangeReader): string {
  const sha = createSha256();
  for (let at = 0; at < reader.size; at += PIECE_BYTES) sha.update(reader.read(at, PIECE_BYTES));
  return Buffer.from(sha.digest()).toString("hex");
}

/** Reads a manifest from what is open; that is closed should it not be the right one. */
export function readFrom(reader: RangeReader, context: RegistryContext, topHash: TopHash): NamedManifest {
  try {
    return orClosed(reader, () => {
      const { manifest, index } = openWithIndex(reader);
      const named = check(manifest, topHash);
      if (index !== undefined && reader.size >= MIN_INDEXED_BYTES) remember(context, index);
      return named;
    });
  } catch (error) {
    throw damaged(error, topHash);
  }
}

/** What is read; should that fail, the reader is closed. */
function orClosed<Result>(reader: RangeReader, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    reader.close();
    throw error;
  }
}

/**
 * Opens the manifest of a top hash to look at parts of it. When this user read it whole before, only its beginning is
 * read, and of its entries what is looked at; each part is checked when it is read, so damage may show only then. From a
 * bucket all bytes come first, as parts are read synchronously. Otherwise the same as {@link readManifest}.
 */
export async function browseManifest(context: RegistryContext, topHash: TopHash): Promise<NamedManifest> {
  const bytes = context.indexes?.read(topHash);
  const index = bytes && decodeIndex(bytes);
  if (index?.topHash !== topHash) return readManifest(context, topHash);
  const reader = await requireReader(context, topHash);
  const manifest = orClosed(reader, () => openByIndex(reader, index));
  if (manifest !== undefined) return { ...manifest, topHash };
  reader.close();
  return readManifest(context, topHash);
}

function remember({ indexes }: RegistryContext, index: ManifestIndex): void {
  const bytes = indexes && encodeIndex(index);
  if (bytes !== undefined) indexes?.write(index.topHash, bytes);
}

/**
 * The message of a revision, from the manifest's first line; nothing is checked against the name. Costs one request to a
 * bucket, of 64 KiB, and another one for a longer line.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when the manifest is absent, `ERR_T4_INTEGRITY` when that line is damaged.
 */
export async function readMessage(context: RegistryContext, topHash: TopHash): Promise<string | null> {
  const reader = await requireReader(context, topHash, openHead);
  try {
    const [first] = readLineChunks(reader);
    const bytes = first?.bytes ?? new Uint8Array();
    return messageOf(parseHeaderLine(lineText(bytes.subarray(0, lineEnd(bytes, 0)))));
  } catch (error) {
    throw damaged(error, topHash);
  } finally {
    reader.close();
  }
}

function check(manifest: Manifest, topHash: TopHash): NamedManifest {
  if (manifest.topHash === topHash) return { ...manifest, topHash };
  throw new T4Error(
    "ERR_T4_INTEGRITY",
    `The manifest ${topHash} holds another package: its top hash is ${manifest.topHash ?? "not defined"}.`,
    {
      hint: "Do not trust this revision; run t4 fsck on the registry.",
      facts: { expected: topHash, found: manifest.topHash ?? null },
    },
  );
}

function damaged(error: unknown, topHash: TopHash): unknown {
  if (!(error instanceof T4Error) || error.code === "ERR_T4_INTEGRITY") return error;
  return new T4Error("ERR_T4_INTEGRITY", `The manifest ${topHash} is damaged: ${error.message}`, {
    hint: "Run t4 fsck on the registry.",
    facts: { topHash },
    cause: error,
  });
}

async function requireReader(context: RegistryContext, topHash: TopHash, open = openReader): Promise<RangeReader> {
  const reader = await open(context, manifestKey(topHash));
  if (reader !== undefined) return reader;
  throw new T4Error("ERR_T4_NOT_FOUND", `The manifest of ${topHash} is not in ${pathOrUrl(context.store.url)}.`, {
    hint: "Run t4 fsck: a pointer names a revision whose manifest is gone.",
    facts: { topHash, registry: context.store.url },
  });
}

async function openReader(context: RegistryContext, key: string): Promise<RangeReader | undefined> {
  const { store } = context;
  if (store.openReader !== undefined) return store.openReader(key);
  if (store.localPath === undefined) {
    const object = await store.get(key);
    return object === undefined ? undefined : memoryReader(object.bytes);
  }
  try {
    return fileReader(store.localPath(key));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError(`read the manifest ${key} of ${pathOrUrl(store.url)}`, error);
  }
}

/** Opens as much of a manifest as has its first line; in a folder all of it, of which no more is read than is looked at. */
async function openHead(context: RegistryContext, key: string): Promise<RangeReader | undefined> {
  const { store } = context;
  if (store.localPath !== undefined) return openReader(context, key);
  for (let end = HEAD_BYTES; ; end *= 16) {
    const head = await store.get(key, { range: [0, end] });
    if (head === undefined) return undefined;
    if (head.bytes.length < end || head.bytes.includes(NEWLINE) || end >= MAX_LINE_BYTES)
      return memoryReader(head.bytes);
  }
}
