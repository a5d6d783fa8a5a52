import { T4Error } from "../base/errors.js";
import { type Entry, hasMeta } from "../format/entry.js";
import { ancestorsOf } from "../format/logical-key.js";
import { EMPTY_RUN, type EntryRun } from "./entry-run.js";
import { pairEntries } from "./merge-runs.js";
import { createRunBuilder } from "./run-builder.js";
import { SortedMap } from "./sorted-map.js";

/** How {@link PackageTree.setRun} joins a directory's new entries with those that are there. */
export interface SetRunOptions {
  /** Whose entry stays where both have one. */
  readonly updatePolicy: "incoming" | "existing";
  /** Whether entries of the directory that the run has not are removed. */
  readonly mirror: boolean;
}

/** A name in one directory: a file with its entry, or a directory. */
export interface Child {
  readonly name: string;
  readonly entry?: Entry;
}

/**
 * The entries of one package: a run that never changes, below single edits kept in memory.
 *
 * Everything is seen in tree order; only edits cost an object each, and a few comparisons.
 */
export class PackageTree {
  #base: EntryRun;
  /** Edits by key; `undefined` marks a removal. */
  #edits = SortedMap.empty<Entry | undefined>();
  /** By how many entries the edits make it larger than the run. */
  #growth = 0;

  constructor(base: EntryRun = EMPTY_RUN) {
    this.#base = base;
  }

  /** The run below the edits. */
  get base(): EntryRun {
    return this.#base;
  }

  /** Keys at which the run does not count, in order. */
  *editedKeys(): Generator<{ readonly logicalKey: string }, void, undefined> {
    for (const logicalKey of this.#edits.keys()) yield { logicalKey };
  }

  /** A tree with the same entries; changes of either do not show in the other. Costs nothing. */
  clone(): PackageTree {
    const copy = new PackageTree(this.#base);
    copy.#edits = this.#edits;
    copy.#growth = this.#growth;
    return copy;
  }

  /** The entry at a key. */
  get(logicalKey: string): Entry | undefined {
    const edit = this.#edits.find(logicalKey);
    return edit === undefined ? this.#base.get(logicalKey) : edit.value;
  }

  /** Whether entries lie below `directory`; the root always is one. */
  isDirectory(directory: string): boolean {
    return directory === "" || !this.entries(directory).next().done;
  }

  /** @throws {@link T4Error} `ERR_T4_INVALID_KEY` when a directory is there or a file above it. */
  set(entry: Entry): void {
    const { logicalKey } = entry;
    for (const ancestor of ancestorsOf(logicalKey)) if (this.get(ancestor) !== undefined) clash(logicalKey, ancestor);
    const isNew = this.get(logicalKey) === undefined;
    if (isNew) {
      const below = this.entries(logicalKey).next();
      if (!below.done) clash(below.value.logicalKey, logicalKey);
    }
    this.#edits = this.#edits.with(logicalKey, entry);
    if (isNew) this.#growth++;
  }

  /** Removes a file or all below a directory; tells whether there was anything. */
  delete(key: string): boolean {
    if (key !== "" && this.get(key) !== undefined) {
      this.#remove(key);
      return true;
    }
    const keys = Array.from(this.entries(key), (entry) => entry.logicalKey);
    for (const logicalKey of keys) this.#remove(logicalKey);
    return keys.length > 0;
  }

  /**
   * Takes in a directory's entries, whose keys must lie below `directory`.
   *
   * A new entry without metadata keeps that of the entry it replaces. Costs one pass over the package, nothing
   * for an empty one.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY` when a file and a directory would have one name; nothing changes then.
   */
  setRun(directory: string, run: EntryRun, options: SetRunOptions): void {
    for (const ancestor of ancestorsOf(`${directory}/`)) {
      if (this.get(ancestor) !== undefined) clash(run.entries().next().value?.logicalKey ?? directory, ancestor);
    }
    if (this.entries().next().done) {
      this.#replace(run, []);
      return;
    }
    const builder = createRunBuilder();
    const inMemory: Entry[] = [];
    let last: string | undefined;
    for (const { logicalKey, left, right } of pairEntries(this.entries(), run.entries())) {
      const entry = joined(left, right, { ...options, mirror: options.mirror && isBelow(logicalKey, directory) });
      if (entry === undefined) continue;
      if (last !== undefined && logicalKey.startsWith(`${last}/`)) clash(logicalKey, last);
      last = logicalKey;
      // Bytes in memory have no line in a run: such entries stay edits.
      if (entry.content === undefined) builder.add(entry);
      else inMemory.push(entry);
    }
    this.#replace(builder.finish(), inMemory);
  }

  /** All entries, or those below `directory`, in tree order; `from` is a whole key below it, and those before it are left out. */
  *entries(directory = "", from?: string): Generator<Entry, void, undefined> {
    const start = from ?? (directory === "" ? undefined : `${directory}/`);
    for (const { logicalKey, left, right } of pairEntries(this.#base.entries(start), this.#editsFrom(start))) {
      if (!isBelow(logicalKey, directory)) return;
      const entry = right === undefined ? left : right.entry;
      if (entry !== undefined) yield entry;
    }
  }

  /** What one directory holds, by name; sub-directories are skipped over, not read. */
  *children(directory = ""): Generator<Child, void, undefined> {
    const prefix = directory === "" ? "" : `${directory}/`;
    let from: string | undefined = prefix === "" ? undefined : prefix;
    for (;;) {
      const next = this.entries("", from).next().value as Entry | undefined;
      if (next === undefined || !next.logicalKey.startsWith(prefix)) return;
      const [name = "", ...rest] = next.logicalKey.slice(prefix.length).split("/");
      yield rest.length === 0 ? { name, entry: next } : { name };
      // U+0000 sorts directly behind the slash, so this is the first key behind the child and all below it.
      from = `${prefix}${name}\u0000`;
    }
  }

  /** Number of entries. */
  get count(): number {
    return this.#base.count + this.#growth;
  }

  #remove(logicalKey: string): void {
    this.#edits = this.#edits.with(logicalKey, undefined);
    this.#growth--;
  }

  #replace(base: EntryRun, edits: readonly Entry[]): void {
    this.#base = base;
    this.#edits = SortedMap.from(edits.map((entry) => [entry.logicalKey, entry]));
    this.#growth = edits.length;
  }

  *#editsFrom(
    from?: string,
  ): Generator<{ readonly logicalKey: string; readonly entry: Entry | undefined }, void, undefined> {
    for (const [logicalKey, entry] of this.#edits.from(from)) yield { logicalKey, entry };
  }
}

function joined(left: Entry | undefined, right: Entry | undefined, options: SetRunOptions): Entry | undefined {
  if (right === undefined) return options.mirror ? undefined : left;
  if (left === undefined) return right;
  if (options.updatePolicy === "existing") return left;
  return !hasMeta(right.meta) && hasMeta(left.meta) ? { ...right, meta: left.meta } : right;
}

function isBelow(logicalKey: string, directory: string): boolean {
  return directory === "" || logicalKey.startsWith(`${directory}/`);
}

function clash(inner: string, file: string): never {
  throw new T4Error(
    "ERR_T4_INVALID_KEY",
    `Cannot set ${JSON.stringify(inner)}: ${JSON.stringify(file)} would be both a file and a directory.`,
    {
      hint: "Delete one of them first.",
      facts: { logicalKey: inner, other: file },
    },
  );
}
