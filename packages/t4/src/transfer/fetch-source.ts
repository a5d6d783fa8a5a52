import { mapConcurrent } from "../base/concurrency.js";
import { MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../hash/chunk-rule.js";
import { createHasher, type HashType } from "../hash/hasher.js";
import { writeAll } from "../store/file/write-all.js";
import type { Read, RemoteSource } from "./file-job.js";
import type { Sink } from "./sink.js";

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
 * one part is hashed before it is written.
 */
export async function fetchSource(source: Fetched, options: FetchOptions, sink?: Sink): Promise<Read> {
  try {
    const read = await fetchInto(source, options, sink);
    sink?.end(read);
    return read;
  } catch (error) {
    sink?.drop();
    throw error;
  }
}

async function fetchInto(
  source: Fetched,
  { types, signal, onBytes }: FetchOptions,
  sink: Sink | undefined,
): Promise<Read> {
  const { size } = source;
  const hashers = types.map((type) => [type, createHasher(type, size)] as const);
  const finish = (): Read => ({
    size,
    values: Object.fromEntries(hashers.map(([type, hasher]) => [type, hasher.digest()])),
    readAtMs: Date.now(),
  });
  const copy = size > MIN_CHUNK_SIZE ? sink?.open(size) : undefined;
  let last: Uint8Array = new Uint8Array(0);
  let position = 0;
  const read = ([start, end]: readonly [number, number], partSignal: AbortSignal): Promise<Uint8Array> =>
    source.read(start, end, partSignal);
  for await (const part of mapConcurrent(partsOf(size), read, { concurrency: PARTS_AT_ONCE, signal })) {
    for (const [, hasher] of hashers) hasher.update(part);
    if (copy !== undefined) writeAll(copy, part, position);
    onBytes(part.length);
    position += part.length;
    last = part;
  }
  const result = finish();
  const lateCopy = size > MIN_CHUNK_SIZE ? undefined : sink?.open(size, result.values);
  if (lateCopy !== undefined) writeAll(lateCopy, last, 0);
  return result;
}

/** Fetches an object once for its hashes. */
export async function hashSource(source: RemoteSource, types: readonly HashType[]): Promise<Read> {
  const options = { types, signal: new AbortController().signal, onBytes: () => undefined };
  return fetchSource(source, options);
}

/** The bytes of an object from `start` to before `end`, in parts of 8 MiB, the next ones on their way meanwhile. */
export async function* streamSource(
  { size, read }: RemoteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* mapConcurrent(partsOf(Math.min(end, size), start), ([from, to], signal) => read(from, to, signal), {
    concurrency: PARTS_AT_ONCE,
  });
}

function* partsOf(end: number, from = 0): Generator<readonly [number, number], void, undefined> {
  for (let start = from; start < end; start += MIN_CHUNK_SIZE) yield [start, Math.min(end, start + MIN_CHUNK_SIZE)];
}
