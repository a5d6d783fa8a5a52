import { mapConcurrent } from "../../base/concurrency.js";
import { MIN_CHUNK_SIZE } from "../../hash/chunk-rule.js";
import type { ObjectReader } from "../store.js";
import type { S3Client } from "./client.js";
import { getObject, headObject } from "./get-object.js";
import { createSpool, type Spool } from "./spool.js";

/** Parts that are fetched at once. */
const PARTS_AT_ONCE = 4;

/** A reader that nobody holds any more gives back its file. */
const abandoned = new FinalizationRegistry<Spool>((spool) => spool.dispose());

/**
 * Fetches an object of any size to read it at any place: into memory up to 8 MiB, then into a temporary file that only this
 * user can read, and that has no name. One request, and from 8 MiB on one more and one for each further 8 MiB.
 */
export async function openSpooled(client: S3Client, key: string, directory: string): Promise<ObjectReader | undefined> {
  const first = await getObject(client, key, { range: [0, MIN_CHUNK_SIZE] });
  if (first === undefined) return undefined;
  if (first.bytes.length < MIN_CHUNK_SIZE) return memoryReader(first.bytes);
  const spool = createSpool(directory);
  try {
    spool.append(first.bytes);
    const size = (await headObject(client, key))?.size ?? 0;
    const fetch = async (start: number, signal: AbortSignal): Promise<Uint8Array> => {
      const range = [start, Math.min(size, start + MIN_CHUNK_SIZE)] as const;
      return (await getObject(client, key, { range, signal }))?.bytes ?? new Uint8Array(0);
    };
    for await (const part of mapConcurrent(partsAfter(size), fetch, { concurrency: PARTS_AT_ONCE })) spool.append(part);
    return spoolReader(spool);
  } catch (error) {
    spool.dispose();
    throw error;
  }
}

function* partsAfter(size: number): Generator<number, void, undefined> {
  for (let start = MIN_CHUNK_SIZE; start < size; start += MIN_CHUNK_SIZE) yield start;
}

function memoryReader(bytes: Uint8Array): ObjectReader {
  const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  return { size: bytes.length, read, close: () => undefined };
}

/** Reads a spool, which is freed with the reader. */
export function spoolReader(spool: Spool): ObjectReader {
  const reader: ObjectReader = {
    size: spool.size,
    read: (offset, length) => spool.readNow(offset, offset + length),
    close() {
      abandoned.unregister(reader);
      spool.dispose();
    },
  };
  abandoned.register(reader, spool, reader);
  return reader;
}
