import type { Entry } from "../format/entry.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { type BlockRun, sameBytes } from "./block-run.js";
import { type EntryPair, entryPair } from "./merge-runs.js";

/**
 * The keys of two runs, in tree order, without those whose lines are the same in both: blocks with one digest are not
 * read, and lines with one text not parsed. So two revisions that differ in a few rows cost a few blocks.
 */
export function* pairBlocks(left: BlockRun, right: BlockRun): Generator<EntryPair<Entry, Entry>, void, undefined> {
  const [lefts, rights] = [new LineCursor(left), new LineCursor(right)];
  for (;;) {
    if (skipSame(lefts, rights)) continue;
    const [l, r] = [lefts.entry(), rights.entry()];
    if (l === undefined && r === undefined) return;
    const order = orderOf(l, r);
    if (order < 0) yield entryPair(l?.logicalKey as string, l, undefined);
    else yield entryPair(r?.logicalKey as string, order === 0 ? l : undefined, r);
    if (order <= 0) lefts.next();
    if (order >= 0) rights.next();
  }
}

/** Which entry comes first; the end comes last. */
function orderOf(left: Entry | undefined, right: Entry | undefined): number {
  if (left === undefined) return 1;
  return right === undefined ? -1 : compareLogicalKeys(left.logicalKey, right.logicalKey);
}

/** Goes on by a block or line that is the same in both, if there is one. */
function skipSame(lefts: LineCursor, rights: LineCursor): boolean {
  const [l, r] = [lefts.blockDigest(), rights.blockDigest()];
  if (l !== undefined && r !== undefined && sameBytes(l, r)) {
    lefts.nextBlock();
    rights.nextBlock();
    return true;
  }
  const line = lefts.line();
  if (line === undefined || line !== rights.line()) return false;
  lefts.next();
  rights.next();
  return true;
}

/** Goes through the lines of a run; a block is read when a line of it is asked for. */
class LineCursor {
  readonly #run: BlockRun;
  /** The block that comes after `#lines`. */
  #block = 0;
  #lines: readonly string[] = [];
  #at = 0;

  constructor(run: BlockRun) {
    this.#run = run;
  }

  /** The digest of the next block, if it was not begun. */
  blockDigest(): Uint8Array | undefined {
    if (this.#at < this.#lines.length || this.#block === this.#run.table.length) return undefined;
    return this.#run.table.digest(this.#block);
  }

  nextBlock(): void {
    this.#block++;
  }

  /** The line that the cursor is at; `undefined` at the end. */
  line(): string | undefined {
    while (this.#at === this.#lines.length && this.#block < this.#run.table.length) {
      this.#lines = this.#run.lines(this.#block++);
      this.#at = 0;
    }
    return this.#lines[this.#at];
  }

  /** The entry at the cursor or the first behind it. */
  entry(): Entry | undefined {
    for (let line = this.line(); line !== undefined; line = this.line()) {
      const entry = this.#run.decode(line);
      if (entry !== undefined) return entry;
      this.next();
    }
    return undefined;
  }

  next(): void {
    this.#at++;
  }
}
