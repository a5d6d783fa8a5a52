import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { type Destination, openDestination } from "./destination.js";

/**
 * Files of a batch that are written but not yet named.
 *
 * All are flushed one after another before the first gets its name: the journal is written once for many, which is
 * what makes being durable affordable.
 */
export class Batch {
  readonly #pending: { readonly file: number; readonly temporary: string; readonly name: () => void }[] = [];
  readonly #directories = new Set<string>();
  readonly #destinations = new Map<string, Destination>();

  /** Takes a written file; `name` gives it its final name. */
  add(file: number, temporary: string, name: () => void): void {
    this.#pending.push({ file, temporary, name });
  }

  /** A directory whose entries must be flushed, too. */
  touch(directory: string): void {
    this.#directories.add(directory);
  }

  destination(root: string): Destination {
    let destination = this.#destinations.get(root);
    if (destination === undefined) {
      destination = openDestination(root);
      this.#destinations.set(root, destination);
    }
    return destination;
  }

  publish(): void {
    for (const { file } of this.#pending) fsyncSync(file);
    for (const pending of this.#pending) pending.name();
    for (const directory of this.#directories) syncDirectory(directory);
  }

  close(): void {
    for (const { file, temporary } of this.#pending) {
      closeSync(file);
      rmSync(temporary, { force: true });
    }
    for (const destination of this.#destinations.values()) destination.close();
  }
}

function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
