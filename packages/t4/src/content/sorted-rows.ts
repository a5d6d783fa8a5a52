import { rm } from "node:fs/promises";
import { join } from "node:path";
import { compareKeys } from "./row-order.js";
import { BLOCK_BYTES, type KeyedRow, readRun, sizeOf, writeRun } from "./sorted-run.js";

/** A directory for files that nobody else needs. */
interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

/** Makes one when it is needed. */
export type MakeDirectory = () => TemporaryDirectory;

/** Memory of rows that are sorted at once, and of blocks of files that are merged at once. */
const RUN_BYTES = 32 << 20;
/** Files that are merged at once, since each is open. */
const MOST_RUNS = 64;

/**
 * Sorts rows by their keys, in files where they are many: memory grows with the largest row alone. Rows of one key keep their
 * order. The files are removed when the loop ends, however it does.
 */
export async function* sortRows(
  rows: AsyncIterable<KeyedRow>,
  makeDirectory: MakeDirectory,
  runBytes: number = RUN_BYTES,
): AsyncGenerator<KeyedRow, void, undefined> {
  const files = sortedFiles(makeDirectory, runBytes);
  try {
    let block: KeyedRow[] = [];
    let size = 0;
    for await (const row of rows) {
      const own = sizeOf(row);
      block.push(row);
      size += own;
      files.see(own);
      if (size < runBytes) continue;
      await files.add(sorted(block));
      block = [];
      size = 0;
    }
    yield* merge([...(await files.few()).map(readRun), inMemory(sorted(block))]);
  } finally {
    files.remove();
  }
}

interface SortedFiles {
  /** Told of each row's size. */
  see(rowBytes: number): void;
  add(rows: readonly KeyedRow[]): Promise<void>;
  /** So few files, the oldest rows first, that they can be merged at once. */
  few(): Promise<readonly string[]>;
  remove(): void;
}

/**
 * Files of sorted rows. As soon as as many as can be merged at once have been merged as often, they become one: each row is written
 * once more for each power of that number.
 */
function sortedFiles(makeDirectory: MakeDirectory, runBytes: number): SortedFiles {
  let directory: TemporaryDirectory | undefined;
  let count = 0;
  let largest = BLOCK_BYTES;
  // By how often their rows were merged. What was merged more often is older.
  const levels: string[][] = [];
  const write = async (rows: AsyncIterable<KeyedRow> | Iterable<KeyedRow>): Promise<string> => {
    directory ??= makeDirectory();
    const path = join(directory.path, `run${count++}`);
    await writeRun(path, rows);
    return path;
  };
  const mergeFiles = async (paths: readonly string[]): Promise<string> => {
    const merged = await write(merge(paths.map(readRun)));
    for (const path of paths) await rm(path);
    return merged;
  };
  // A block has at least one row, however large that is.
  const most = (): number => Math.min(MOST_RUNS, Math.max(2, Math.floor(runBytes / largest)));
  return {
    see(rowBytes) {
      largest = Math.max(largest, rowBytes);
    },
    async add(rows) {
      let path = await write(rows);
      for (let level = 0; ; level++) {
        const files = (levels[level] ??= []);
        files.push(path);
        if (files.length < most()) return;
        levels[level] = [];
        path = await mergeFiles(files);
      }
    },
    async few() {
      const files = levels.reverse().flat();
      while (files.length > most()) files.push(await mergeFiles(files.splice(-most())));
      return files;
    },
    remove: () => directory?.remove(),
  };
}

function sorted(rows: KeyedRow[]): KeyedRow[] {
  return rows.sort((a, b) => compareKeys(a.key, b.key));
}

async function* inMemory(rows: readonly KeyedRow[]): AsyncGenerator<KeyedRow, void, undefined> {
  yield* rows;
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
