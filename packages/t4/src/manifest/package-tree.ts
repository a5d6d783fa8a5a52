import { T4Error } from "../base/errors.js";
import { type Entry, hasMeta } from "../format/entry.js";
import { ancestorsOf, compareLogicalKeys } from "../format/logical-key.js";
import { EMPTY_RUN, type EntryRun } from "./entry-run.js";
import { pairEntries } from "./merge-runs.js";
import { createRunBuilder } from "./run-builder.js";

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
 * Everything is seen in tree order; only edits cost an object each.
 */
export class PackageTree {
  #base: EntryRun;
  /** Edits by key; `undefined` marks a removal. */
  #edits: Map<string, Entry | undefined>;
  /** The edits' keys in tree order, made when they are read in order. */
  #sortedKeys: readonly string[] | undefined;

  constructor(base: EntryRun = EMPTY_RUN) {
    this.#base = base;
    this.#edits = new Map();
  }

  /** A tree with the same entries; changes of either do not show in the other. Costs one map of the edits. */
  clone(): PackageTree {
    const copy = new PackageTree(this.#base);
    copy.#edits = new Map(this.#edits);
    return copy;
  }

  /** The entry at a key. */
  get(logicalKey: string): Entry | undefined {
    return this.#edits.has(logicalKey) ? this.#edits.get(logicalKey) : this.#base.get(logicalKey);
  }

  /** Whether entries lie below `directory`; the root always is one. */
  isDirectory(directory: string): boolean {
    return directory === "" || !this.entries(directory).next().done;
  }

  /** @throws {@link T4Error} `ERR_T4_INVALID_KEY` when a directory is there or a file above it. */
  set(entry: Entry): void {
    const { logicalKey } = entry;
    for (const ancestor of ancestorsOf(logicalKey)) if (this.get(ancestor) !== undefined) clash(logicalKey, ancestor);
    if (this.get(logicalKey) === undefined) {
      const below = this.entries(logicalKey).next();
      if (!below.done) clash(below.value.logicalKey, logicalKey);
    }
    this.#edit(logicalKey, entry);
  }

  /** Removes a file or all below a directory; tells whether there was anything. */
  delete(key: string): boolean {
    if (key !== "" && this.get(key) !== undefined) {
      this.#edit(key, undefined);
      return true;
    }
    const keys = Array.from(this.entries(key), (entry) => entry.logicalKey);
    for (const logicalKey of keys) this.#edit(logicalKey, undefined);
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
    if (this.count === 0) {
      this.#base = run;
      this.#edits = new Map();
      this.#sortedKeys = undefined;
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
    this.#base = builder.finish();
    this.#edits = new Map(inMemory.map((entry) => [entry.logicalKey, entry]));
    this.#sortedKeys = undefined;
  }

  /** All entries, or those below `directory`, in tree order. */
  *entries(directory = ""): Generator<Entry, void, undefined> {
    const start = directory === "" ? undefined : `${directory}/`;
    for (const { left, right } of pairEntries(this.#base.entries(start), this.#editedEntries(start))) {
      const entry = right ?? left;
      if (entry === undefined || !isBelow(entry.logicalKey, directory)) return;
      if (!this.#edits.has(entry.logicalKey) || right !== undefined) yield entry;
    }
  }

  /** What one directory holds, by name; sub-directories are skipped over, not read. */
  *children(directory = ""): Generator<Child, void, undefined> {
    const prefix = directory === "" ? "" : `${directory}/`;
    let from: string | undefined = prefix === "" ? undefined : prefix;
    for (;;) {
      const next: Entry | undefined = this.#firstFrom(from);
      if (next === undefined || !next.logicalKey.startsWith(prefix)) return;
      const [name = "", ...rest] = next.logicalKey.slice(prefix.length).split("/");
      yield rest.length === 0 ? { name, entry: next } : { name };
      // U+0000 sorts directly behind the slash, so this is the first key behind the child and all below it.
      from = `${prefix}${name}\u0000`;
    }
  }

  /** Number of entries; costs a pass over the keys when there are edits. */
  get count(): number {
    let count = this.#base.count;
    for (const [key, entry] of this.#edits) {
      const was = this.#base.get(key) !== undefined;
      if (was !== (entry !== undefined)) count += was ? -1 : 1;
    }
    return count;
  }

  #edit(logicalKey: string, entry: Entry | undefined): void {
    if (!this.#edits.has(logicalKey)) this.#sortedKeys = undefined;
    this.#edits.set(logicalKey, entry);
  }

  #firstFrom(from: string | undefined): Entry | undefined {
    for (const { left, right, logicalKey } of pairEntries(this.#base.entries(from), this.#editedEntries(from))) {
      if (right !== undefined || !this.#edits.has(logicalKey)) return right ?? left;
    }
    return undefined;
  }

  *#editedEntries(from?: string): Generator<Entry, void, undefined> {
    this.#sortedKeys ??= [...this.#edits.keys()].sort(compareLogicalKeys);
    const keys = this.#sortedKeys;
    let start = 0;
    for (let end = from === undefined ? 0 : keys.length; start < end; ) {
      const middle = (start + end) >>> 1;
      if (compareLogicalKeys(keys[middle] as string, from as string) < 0) start = middle + 1;
      else end = middle;
    }
    for (let i = start; i < keys.length; i++) {
      const entry = this.#edits.get(keys[i] as string);
      if (entry !== undefined) yield entry;
    }
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
