import { closeSync } from "node:fs";
import { chunkSizeFor, MIN_CHUNK_SIZE, PARTS_AT_ONCE } from "../hash/chunk-rule.js";
import { type HashType, hashBytes } from "../hash/hasher.js";
import { readExactly } from "../store/file/read-exactly.js";
import { fulfils, requireExpected } from "./expectation.js";
import { fetchSource } from "./fetch-source.js";
import type { BytesToSend, HashValues, JobResult, ReadableBytes, Source, UploadJob } from "./file-job.js";
import { chunksOf } from "./known-chunks.js";
import { changed, openUnchanged, requireStill } from "./read-source.js";
import type { Stamp } from "./stamp.js";

/** The hash that every upload computes on its way. */
const SENT_HASH: HashType = "sha2-256-chunked";

/** Most memory that an upload of so many bytes takes. */
export function uploadMemory(size: number): number {
  return Math.min(size, PARTS_AT_ONCE * chunkSizeFor(size));
}

/**
 * Sends a source, hashed on its way. Hashes of other kinds than the one that sending gives take a read of their own, of
 * objects in parts; what has such a hash is known to be right before it is sent.
 */
export async function uploadFile(
  job: UploadJob,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<JobResult> {
  const { source, expected } = job;
  const opened = open(source, signal);
  const { size } = opened;
  try {
    const held = expected === undefined && job.held?.size === size ? job.held : undefined;
    const { bytes, values } = await hashFirst(opened, typesFirst(job, held), signal);
    const sending = counted(bytes, onBytes);
    if (held !== undefined && fulfils({ size, values }, held)) {
      sending.countAll();
      return finish(opened, values, held.url);
    }
    if (expected !== undefined && expected.type !== SENT_HASH) requireExpected({ size, values }, expected, source);
    const kept = await job.keep({ ...bytes, sending }, signal);
    sending.countAll();
    const all = { ...values, [SENT_HASH]: kept.hash };
    if (expected !== undefined) requireExpected({ size, values: all }, expected, source);
    return finish(opened, all, kept.url);
  } finally {
    opened.close();
  }
}

/** The hashes that are needed before anything is sent. */
function typesFirst({ types, expected }: UploadJob, held: UploadJob["held"]): readonly HashType[] {
  const others = [...types, ...(expected === undefined ? [] : [expected.type])].filter((type) => type !== SENT_HASH);
  // One that the place has is the entry's when nothing is sent.
  return [...new Set(held === undefined ? others : [SENT_HASH, ...others, held.type])];
}

function finish(opened: Opened, values: HashValues, url: string): JobResult {
  const stamp = opened.requireStill();
  return { size: opened.size, values, readAtMs: Date.now(), url, outcome: "done", ...(stamp && { stamp }) };
}

async function hashFirst(
  opened: Opened,
  types: readonly HashType[],
  signal: AbortSignal,
): Promise<{ readonly bytes: SteadyBytes; readonly values: HashValues }> {
  const { size } = opened;
  if (size < MIN_CHUNK_SIZE) {
    const whole = await opened.read(0, size);
    const values = Object.fromEntries(types.map((type) => [type, hashBytes(type, whole)]));
    return { bytes: { size, read: async (start, end) => whole.subarray(start, end), isSteady: true }, values };
  }
  const { read, isSteady, digests } = opened;
  const bytes = { size, read, isSteady, digests };
  if (types.length === 0) return { bytes, values: {} };
  const { values } = await fetchSource(opened, { types, signal, onBytes: () => undefined });
  // Hashes of what changed meanwhile are nobody's.
  opened.requireStill();
  return { bytes, values };
}

function counted({ size, read }: ReadableBytes, onBytes: (bytes: number) => void): Counted {
  let left = size;
  const count = (bytes: number): void => {
    if (bytes > 0) onBytes(bytes);
    left -= bytes;
  };
  return {
    size,
    async read(start, end) {
      const piece = await read(start, end);
      count(piece.length);
      return piece;
    },
    countAll: () => count(left),
  };
}

/** Bytes that are counted when they are read. */
interface Counted extends ReadableBytes {
  /** Counts what was not read, too: what the place had already is as good as sent. */
  countAll(): void;
}

type SteadyBytes = Omit<BytesToSend, "sending">;

interface Opened extends SteadyBytes {
  /** The stamp of a file, which must be as it was. */
  requireStill(): Stamp | undefined;
  close(): void;
}

function open(source: Source, signal: AbortSignal): Opened {
  if ("url" in source) {
    const { size } = source;
    return { size, read: (start, end) => source.read(start, end, signal), isSteady: false, ...FIXED };
  }
  if ("content" in source) {
    const { content } = source;
    const read = async (start: number, end: number): Promise<Uint8Array> => content.subarray(start, end);
    return { size: content.length, read, isSteady: true, ...FIXED };
  }
  const { file, stamp } = openUnchanged(source);
  return {
    size: stamp.size,
    isSteady: true,
    digests: chunksOf(stamp),
    async read(start, end) {
      const bytes = await readExactly(file, start, end);
      if (bytes === undefined) throw changed(source.path, "while it was read");
      // They may be read twice, to be hashed and to be sent.
      requireStill(file, { ...source, stamp });
      return bytes;
    },
    requireStill: () => requireStill(file, { ...source, stamp }),
    close: () => closeSync(file),
  };
}

const FIXED = { requireStill: () => undefined, close: () => undefined } as const;
