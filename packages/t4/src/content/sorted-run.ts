import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { deserialize, serialize } from "node:v8";
import { createByteReader } from "./byte-reader.js";
import { fromStored, toStored } from "./stored-values.js";

/** A row, and the values by which it is sorted. */
export interface KeyedRow {
  readonly key: readonly unknown[];
  readonly row: Readonly<Record<string, unknown>>;
}

/** Memory of the rows that a file holds side by side: those of several files are read at once. */
export const BLOCK_BYTES = 64 << 10;

/** About the memory that a row takes, in bytes. */
export function sizeOf({ row }: KeyedRow): number {
  let size = 64;
  for (const value of Object.values(row)) size += 16 + weightOf(value);
  return size;
}

function weightOf(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== "object" || value === null) return 0;
  const items = value instanceof Map ? [...value].flat() : Object.values(value);
  return items.reduce<number>((sum, item) => sum + 16 + weightOf(item), 32);
}

/** Writes sorted rows to a file. */
export async function writeRun(path: string, rows: AsyncIterable<KeyedRow> | Iterable<KeyedRow>): Promise<void> {
  await pipeline(frames(rows), createWriteStream(path, { mode: 0o600 }));
}

/** Blocks of rows, each behind its length. */
async function* frames(rows: AsyncIterable<KeyedRow> | Iterable<KeyedRow>): AsyncGenerator<Uint8Array> {
  let block: unknown[] = [];
  let size = 0;
  const frame = (): Uint8Array => {
    const bytes = serialize(block);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    block = [];
    size = 0;
    return Buffer.concat([length, bytes]);
  };
  for await (const keyed of rows) {
    block.push([keyed.key, keyed.row].map(toStored));
    size += sizeOf(keyed);
    if (size >= BLOCK_BYTES) yield frame();
  }
  if (block.length > 0) yield frame();
}

/** The rows of a file, block by block. */
export async function* readRun(path: string): AsyncGenerator<KeyedRow, void, undefined> {
  const reader = createByteReader(createReadStream(path) as AsyncIterable<Uint8Array>);
  try {
    for (;;) {
      const length = await reader.takeIfAny(4);
      if (length === undefined) return;
      const block = await reader.take(Buffer.from(length).readUInt32LE());
      for (const pair of deserialize(block) as [unknown, unknown][]) {
        const [key, row] = pair.map(fromStored);
        yield { key: key as readonly unknown[], row: row as KeyedRow["row"] };
      }
    }
  } finally {
    await reader.close();
  }
}
