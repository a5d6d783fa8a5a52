import { mapConcurrent } from "../base/concurrency.js";
import { isT4Error } from "../base/errors.js";
import { MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../hash/chunk-rule.js";
import { createHasher, type HashType, hashBytes } from "../hash/hasher.js";
import { readExactly } from "../store/file/read-exactly.js";
import { writeAll } from "../store/file/write-all.js";
import type { Read, RemoteSource } from "./file-job.js";
import type { PartSink } from "./sink.js";

/** How a remote object is fetched. */
export interface FetchOptions {
  readonly types: readonly HashType[];
  readonly signal: AbortSignal;
  /** Told of every piece. */
  readonly onBytes: (bytes: number) => void;
}

/** What is fetched. */
type Fetched = Pick<RemoteSource, "size" | "read">;

/** Most memory that a fetch of so many bytes takes. */
export function fetchMemory(size: number): number {
  return Math.min(size, PARTS_AT_ONCE * MIN_CHUNK_SIZE);
}

/**
 * Fetches an object once, in parts of 8 MiB, four at once, hashing it and, when a sink is given, writing it there; an object in
 * one part is hashed before it is written. Of a larger one, the sink may have the beginning, which is then hashed where it is.
 */
export async function fetchSource(source: Fetched, options: FetchOptions, sink?: PartSink): Promise<Read> {
  try {
    const read = await (source.size > MIN_CHUNK_SIZE ? fetchLarge : fetchSmall)(source, options, sink);
    sink?.end(read);
    return read;
  } catch (error) {
    // What came may be right, unless it was looked at, or could not be written.
    const isToGoOn = options.signal.aborted || isT4Error(error, "ERR_T4_IO", "ERR_T4_ACCESS");
    sink?.drop(isToGoOn);
    throw error;
  }
}

async function fetchSmall(source: Fetched, options: FetchOptions, sink: PartSink | undefined): Promise<Read> {
  const { size } = source;
  const { types, signal, onBytes } = options;
  const bytes = size === 0 ? new Uint8Array(0) : await source.read(0, size, signal);
  onBytes(bytes.length);
  const values = Object.fromEntries(types.map((type) => [type, hashBytes(type, bytes)]));
  const copy = sink?.open(size, values);
  if (copy !== undefined) writeAll(copy, bytes, 0);
  return { size, values, readAtMs: Date.now() };
}

async function fetchLarge(source: Fetched, options: FetchOptions, sink: PartSink | undefined): Promise<Read> {
  const part = sink?.openPart();
  const read = await fetchFrom(source, options, part);
  // A beginning that a power cut spoiled is no reason to fail.
  const isSpoiled = part !== undefined && part.length > 0 && sink?.isRight(read) === false;
  return isSpoiled ? fetchFrom(source, options, { ...part, length: 0 }) : read;
}

/** Fetches what a file has not, and hashes all. */
async function fetchFrom(
  source: Fetched,
  { types, signal, onBytes }: FetchOptions,
  part: ReturnType<PartSink["openPart"]> | undefined,
): Promise<Read> {
  const { size } = source;
  const hashers = types.map((type) => [type, createHasher(type, size)] as const);
  const { file, length = 0 } = part ?? {};
  const read = async ([start, end]: readonly [number, number], partSignal: AbortSignal): Promise<Uint8Array> =>
    (end <= length && file !== undefined ? await readExactly(file, start, end) : undefined) ??
    source.read(start, end, partSignal);
  let position = 0;
  for await (const bytes of mapConcurrent(partsOf(size), read, { concurrency: PARTS_AT_ONCE, signal })) {
    for (const [, hasher] of hashers) hasher.update(bytes);
    if (file !== undefined && position >= length) writeAll(file, bytes, position);
    onBytes(bytes.length);
    position += bytes.length;
  }
  const values = Object.fromEntries(hashers.map(([type, hasher]) => [type, hasher.digest()]));
  return { size, values, readAtMs: Date.now() };
}

/** Which bytes of an object are read. */
export interface StreamedRange {
  readonly start: number;
  /** Before this one; it may be beyond the object's. */
  readonly end: number;
  /** Whether the reader wants all of them; else he may break off soon. */
  readonly isAllWanted: boolean;
}

/**
 * The bytes of an object, in parts of up to 8 MiB, the next ones on their way meanwhile. For who may break off the first parts are
 * small: after a few rows he has fetched 4 MiB at most, which are one request where that is all.
 */
export async function* streamSource(
  { size, read }: RemoteSource,
  { start, end, isAllWanted }: StreamedRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const last = Math.min(end, size);
  const first = isAllWanted || last - start <= MOST_IN_VAIN ? MIN_CHUNK_SIZE : FIRST_BYTES;
  const parts = partsOf(last, { start, first });
  yield* mapConcurrent(parts, ([from, to], signal) => read(from, to, signal), { concurrency: PARTS_AT_ONCE });
}

/** So much may be fetched of what nobody reads then, and so much is the first part of what may be broken off, bytes. */
const MOST_IN_VAIN = 4 << 20;
const FIRST_BYTES = 256 << 10;

/** Parts of 8 MiB; a first one that is smaller is followed by ones twice as long, up to that. */
function* partsOf(
  end: number,
  { start = 0, first = MIN_CHUNK_SIZE }: { readonly start?: number; readonly first?: number } = {},
): Generator<readonly [number, number], void, undefined> {
  let length = first;
  for (let from = start; from < end; length = Math.min(2 * length, MIN_CHUNK_SIZE)) {
    const to = Math.min(end, from + length);
    yield [from, to];
    from = to;
  }
}
