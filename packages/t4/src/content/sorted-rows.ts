import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { deserialize, serialize } from "node:v8";
import { createByteReader } from "./byte-reader.js";
import { compareKeys } from "./row-order.js";
import { fromStored, toStored } from "./stored-values.js";

/** A row, and the values by which it is sorted. */
export interface KeyedRow {
  readonly key: readonly unknown[];
  readonly row: Readonly<Record<string, unknown>>;
}

/** Rows that are in memory at once, by what they take when they are written; more are sorted on disk. */
const RUN_BYTES = 32 << 20;
/** Runs that are merged at once: each is an open file. More are merged into fewer before. */
const MOST_RUNS = 64;
/** Rows that a file of a run holds side by side. */
const BLOCK_ROWS = 100;

/**
 * Sorts rows by their keys, in temporary files where they are many: memory does not grow with them. Rows of one key keep their
 * order. The files are removed when the loop ends, however it does.
 */
export async function* sortRows(
  rows: AsyncIterable<KeyedRow>,
  runBytes: number = RUN_BYTES,
): AsyncGenerator<KeyedRow, void, undefined> {
  let directory: string | undefined;
  try {
    let runs: string[] = [];
    let blocks: KeyedRow[] = [];
    let size = 0;
    let count = 0;
    const spill = async (run: AsyncIterable<KeyedRow> | Iterable<KeyedRow>): Promise<string> => {
      directory ??= await mkdtemp(join(tmpdir(), "t4-rows-"));
      const path = join(directory, String(count++));
      await pipeline(frames(run), createWriteStream(path, { mode: 0o600 }));
      return path;
    };
    for await (const row of rows) {
      blocks.push(row);
      size += sizeOf(row);
      if (size < runBytes) continue;
      runs.push(await spill(sorted(blocks)));
      blocks = [];
      size = 0;
      if (runs.length < MOST_RUNS) continue;
      const merged = await spill(merge(runs.map(readRun)));
      for (const run of runs) await rm(run);
      runs = [merged];
    }
    yield* merge([...runs.map(readRun), inMemory(sorted(blocks))]);
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

function sorted(rows: KeyedRow[]): KeyedRow[] {
  return rows.sort((a, b) => compareKeys(a.key, b.key));
}

/** About the memory that a row takes. */
function sizeOf({ row }: KeyedRow): number {
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

async function* inMemory(rows: readonly KeyedRow[]): AsyncGenerator<KeyedRow, void, undefined> {
  yield* rows;
}

/** Blocks of rows, each behind its length. */
async function* frames(rows: AsyncIterable<KeyedRow> | Iterable<KeyedRow>): AsyncGenerator<Uint8Array> {
  let block: unknown[] = [];
  const frame = (): Uint8Array => {
    const bytes = serialize(block);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    block = [];
    return Buffer.concat([length, bytes]);
  };
  for await (const { key, row } of rows) {
    block.push([key, row].map(toStored));
    if (block.length === BLOCK_ROWS) yield frame();
  }
  if (block.length > 0) yield frame();
}

async function* readRun(path: string): AsyncGenerator<KeyedRow, void, undefined> {
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

/** Merges sorted sequences; of equal keys the first sequence's come first. */
async function* merge(runs: readonly AsyncGenerator<KeyedRow, void, undefined>[]): AsyncGenerator<KeyedRow> {
  try {
    const heads = await Promise.all(runs.map((run) => run.next()));
    for (;;) {
      let least = -1;
      for (const [i, head] of heads.entries()) {
        const best = heads[least];
        if (head.done === true) continue;
        if (best === undefined || best.done === true || compareKeys(head.value.key, best.value.key) < 0) least = i;
      }
      const head = heads[least];
      if (head === undefined || head.done === true) return;
      yield head.value;
      heads[least] = (await runs[least]?.next()) ?? { done: true, value: undefined };
    }
  } finally {
    await Promise.all(runs.map((run) => run.return()));
  }
}
