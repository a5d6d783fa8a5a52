import { rmSync } from "node:fs";
import { ioError } from "../base/io-error.js";
import { type Destination, openDestination } from "./destination.js";
import { flushFiles } from "./flush.js";

/** Files that are written do not wait longer than this for their names, unless flushing takes long. */
const PAUSE_MS = 1000;
/** So many times as long as a flush took, there is no other one. */
const FLUSH_SHARE = 9;

/** A file of a batch that is written and closed but has not its name yet. */
interface Written {
  readonly temporary: string;
  /** Where it will be, for people. */
  readonly path: string;
  /** Gives it its final name. */
  name(): void;
}

/**
 * Files of a batch that are written but not yet named.
 *
 * All are flushed together before the first gets its name: the journal is written once for many, which is what makes
 * being durable affordable. No file stays open meanwhile.
 */
export class Batch {
  readonly #written: Written[] = [];
  readonly #destinations = new Map<string, Destination>();
  readonly #now: () => number;
  #dueMs: number;

  constructor({ now = () => performance.now() }: { readonly now?: () => number } = {}) {
    this.#now = now;
    this.#dueMs = now() + PAUSE_MS;
  }

  /** Takes a written file. */
  add(file: Written): void {
    this.#written.push(file);
  }

  destination(root: string): Destination {
    let destination = this.#destinations.get(root);
    if (destination === undefined) {
      destination = openDestination(root);
      this.#destinations.set(root, destination);
    }
    return destination;
  }

  /** Puts all files on the disk, then names them in order. */
  publish(): void {
    attempt(`put ${this.#written.length} files on the disk`, () =>
      flushFiles(this.#written.map(({ temporary }) => temporary)),
    );
    for (const file of this.#written) attempt(`write ${file.path}`, () => file.name());
    this.#written.length = 0;
  }

  /**
   * Publishes what is there when the last time is long enough ago: who is killed keeps all but the last seconds' work. Flushing
   * takes a tenth of the time at most.
   */
  publishIfDue(): void {
    const beganMs = this.#now();
    if (beganMs < this.#dueMs) return;
    this.publish();
    const endedMs = this.#now();
    this.#dueMs = endedMs + Math.max(PAUSE_MS, FLUSH_SHARE * (endedMs - beganMs));
  }

  /** Removes what was not published. Never throws: what cannot be removed is left to the next who opens the place. */
  close(): void {
    try {
      for (const { temporary } of this.#written) rmSync(temporary, { force: true });
    } catch {
      // Why there is something to remove is to be told, and not this.
    } finally {
      for (const destination of this.#destinations.values()) destination.close();
    }
  }
}

function attempt(doing: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw ioError(doing, error);
  }
}
