import { mapConcurrent } from "../../base/concurrency.js";
import { isT4Error, T4Error } from "../../base/errors.js";
import { MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../../hash/chunk-rule.js";
import type { ObjectReader, StoredObject } from "../store.js";
import type { S3Client } from "./client.js";
import { getObject, headObject } from "./get-object.js";
import { baseOf } from "./metadata.js";
import { createSpool, type Spool } from "./spool.js";

/** How often an object that changes while it is fetched is begun anew. */
const MAX_READS = 5;

/** A reader that nobody holds any more gives back its file. */
const abandoned = new FinalizationRegistry<Spool>((spool) => spool.dispose());

/**
 * Fetches an object of any size to read it at any place: into memory up to 8 MiB, then into a temporary file that only this
 * user can read, and that has no name. One request, and from 8 MiB on one more and one for each further 8 MiB; again when the
 * object changes meanwhile.
 *
 * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED` when it changed each time.
 */
export async function openSpooled(client: S3Client, key: string, directory: string): Promise<ObjectReader | undefined> {
  for (let reads = 1; ; reads++) {
    const first = await getObject(client, key, { range: [0, MIN_CHUNK_SIZE] });
    if (first === undefined) return undefined;
    if (first.bytes.length < MIN_CHUNK_SIZE) return memoryReader(first.bytes);
    const spool = createSpool(directory);
    try {
      await fetchRest(client, key, { first, spool });
      return spoolReader(spool);
    } catch (error) {
      spool.dispose();
      if (!isT4Error(error, "ERR_T4_SOURCE_CHANGED")) throw error;
      if (reads >= MAX_READS) throw changing(client, key);
    }
  }
}

/** Fetches an object whole, in the state of its first part. */
async function fetchRest(
  client: S3Client,
  key: string,
  { first, spool }: { readonly first: StoredObject; readonly spool: Spool },
): Promise<void> {
  const { etag } = baseOf(first.version);
  spool.append(first.bytes);
  const present = await headObject(client, key);
  if (present?.etag !== etag) throw changing(client, key);
  const { size } = present;
  const fetch = async (start: number, signal: AbortSignal): Promise<Uint8Array> => {
    const range = [start, Math.min(size, start + MIN_CHUNK_SIZE)] as const;
    const part = await getObject(client, key, { range, etag, signal });
    // Not every server looks at the condition.
    if (part === undefined || baseOf(part.version).etag !== etag) throw changing(client, key);
    return part.bytes;
  };
  for await (const part of mapConcurrent(partsAfter(size), fetch, { concurrency: PARTS_AT_ONCE })) spool.append(part);
}

function changing(client: S3Client, key: string): T4Error {
  const url = `s3://${client.bucket}/${key}`;
  return new T4Error("ERR_T4_SOURCE_CHANGED", `The object ${url} changed each time while it was read.`, {
    hint: "Wait until nothing writes to it, then repeat.",
    facts: { url },
  });
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
