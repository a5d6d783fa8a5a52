import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { systemCode, T4Error } from "../base/errors.js";
import { loadZstd, MOST_OF_WINDOW_BYTES, PIECE_BYTES } from "./zstd.js";

/** Most that a packed file may grow to where it has to be in memory: a few bytes must not fill it. */
const MOST_IN_MEMORY_BYTES = 128 << 20;
/** What a piece of packed bytes may become. */
const MOST_OF_PIECE_BYTES = 64 << 20;

const ENDINGS = { ".gz": gunzip, ".zst": unzstd } as const;

type Unpacker = (chunks: AsyncIterable<Uint8Array>, path: string) => AsyncIterable<Uint8Array>;

function endingOf(path: string): keyof typeof ENDINGS | undefined {
  return (Object.keys(ENDINGS) as (keyof typeof ENDINGS)[]).find((ending) => path.toLowerCase().endsWith(ending));
}

/** A file's name without the ending that says how it is packed. */
export function nameUnpacked(path: string): string {
  return path.slice(0, path.length - (endingOf(path)?.length ?? 0));
}

/** How a file is unpacked, by its ending: `.gz` or `.zst`; `undefined`: it is not packed. */
export function unpackerFor(path: string): Unpacker | undefined {
  const ending = endingOf(path);
  return ending === undefined ? undefined : ENDINGS[ending];
}

/**
 * Puts chunks of a file that was packed into one piece of memory.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when it is more than 128 MiB.
 */
export async function collectUnpacked(chunks: AsyncIterable<Uint8Array>, path: string): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MOST_IN_MEMORY_BYTES) throw tooLarge(path);
    all.push(chunk);
  }
  return Buffer.concat(all);
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  // What fails is thrown by the stream itself; leaving the loop closes the source.
  const unpacked = pipeline(chunks, createGunzip(), () => undefined);
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw systemCode(error)?.startsWith("Z_") === true ? damaged(path, error) : error;
  }
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const unpackerOf = await loadZstd();
  let ready: Uint8Array[] = [];
  let size = 0;
  const unpack = unpackerOf({
    onPart(part) {
      size += part.length;
      if (size > MOST_OF_PIECE_BYTES) throw bomb(path);
      ready.push(part);
    },
    tooLarge: (windowBytes) => greedy(path, windowBytes),
  });
  const push = (piece: Uint8Array, isLast: boolean): readonly Uint8Array[] => {
    ready = [];
    size = 0;
    try {
      unpack(piece, isLast);
    } catch (error) {
      throw error instanceof T4Error ? error : damaged(path, error);
    }
    return ready;
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield* push(chunk.subarray(at, at + PIECE_BYTES), false);
  }
  yield* push(new Uint8Array(0), true);
}

function damaged(path: string, cause: unknown): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `Cannot unpack ${JSON.stringify(path)}: it is damaged, or not what its name says.`,
    {
      hint: "Read it as it is with bytes(), or unpack it in a function that you pass to deserialize.",
      facts: { path },
      cause,
    },
  );
}

function tooLarge(path: string): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `Cannot unpack ${JSON.stringify(path)} in memory: it is larger than ${MOST_IN_MEMORY_BYTES} bytes.`,
    { hint: "Read tables by rows(), or unpack it in a function that you pass to deserialize.", facts: { path } },
  );
}

function greedy(path: string, windowBytes: number): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `Cannot unpack ${JSON.stringify(path)}: it asks for a window of ${windowBytes} bytes, more than ${MOST_OF_WINDOW_BYTES}.`,
    { hint: "Pack it with a smaller window: zstd --long=27 at most.", facts: { path, windowBytes } },
  );
}

function bomb(path: string): T4Error {
  return new T4Error(
    "ERR_T4_FORMAT",
    `Cannot unpack ${JSON.stringify(path)}: ${PIECE_BYTES} bytes of it become more than ${MOST_OF_PIECE_BYTES}.`,
    { hint: "No data is packed so well. If you trust it, unpack it in a function of yours.", facts: { path } },
  );
}
