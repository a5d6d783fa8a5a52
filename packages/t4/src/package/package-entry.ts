import { createReadStream } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Entry } from "../format/entry.js";
import { type JsonInput, type JsonOutput, metaOutput, toJson } from "../format/json-convert.js";
import type { Json, JsonObject } from "../format/json-value.js";
import { PackageTree } from "../manifest/package-tree.js";
import { readSource } from "../transfer/read-source.js";
import { checkOptions } from "./check-options.js";
import { type FileAccess, localPathOf } from "./file-access.js";
import { type Deserializer, deserialize } from "./formats.js";
import { installFiles } from "./install-files.js";
import { DEFAULT_HASH, expectationOf, sourceOf } from "./resolve-entries.js";
import { verifiedStream } from "./verified-stream.js";

/** Options for reading an entry. */
export interface ReadOptions {
  /** Whether the bytes are checked against the entry's hash. Default `true`; an entry that is not built has none. */
  readonly verify?: boolean;
}

/** Options of {@link PackageEntry.stream}. */
export interface StreamOptions extends ReadOptions {
  /** First byte, inclusive. Default 0. */
  readonly start?: number;
  /** Last byte, exclusive. Default the size. */
  readonly end?: number;
}

/** What an entry needs of the package that it is in. */
export interface EntryOwner {
  readonly access: FileAccess;
  /** Puts a changed entry in the place of the old one. */
  replace(entry: Entry): void;
}

/** One file of a package. */
export class PackageEntry {
  #entry: Entry;
  readonly #owner: EntryOwner;

  /** Entries come from packages: `pkg.get("path")`. */
  constructor(entry: Entry, owner: EntryOwner) {
    this.#entry = entry;
    this.#owner = owner;
  }

  /** Path inside the package. */
  get logicalKey(): string {
    return this.#entry.logicalKey;
  }

  /** Bytes; `undefined` when a foreign manifest holds no plain number. */
  get size(): number | undefined {
    return typeof this.#entry.size === "number" ? this.#entry.size : undefined;
  }

  /** The hash of the bytes; `undefined` until the package is built. */
  get hash(): { readonly type: string; readonly value: string } | undefined {
    const { hash } = this.#entry;
    return hash === null ? undefined : { type: hash.type, value: hash.value };
  }

  /** URL of the bytes; `undefined` while they are only in memory. */
  get physicalKey(): string | undefined {
    return this.#entry.physicalKeys[0];
  }

  /** The user's metadata of this entry; `{}` when there is none. A copy: change it with {@link PackageEntry.setMeta}. */
  get meta(): JsonOutput {
    return metaOutput(userMeta(this.#entry.meta));
  }

  /** Replaces the user's metadata of this entry. Numbers in parts that stay equal keep how they were written. */
  setMeta(meta: JsonInput): this {
    const members = new Map<string, Json>(this.#entry.meta instanceof Map ? (this.#entry.meta as JsonObject) : []);
    members.set("user_meta", toJson(meta, userMeta(this.#entry.meta)));
    this.#entry = { ...this.#entry, meta: members };
    this.#owner.replace(this.#entry);
    return this;
  }

  /**
   * Reads the bytes and checks them against the entry's hash.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` when they are others, `ERR_T4_UNSAFE` for a file that the package may not name.
   */
  async bytes(options: ReadOptions = {}): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.stream(options)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Reads the bytes as UTF-8 text. */
  async text(options: ReadOptions = {}): Promise<string> {
    return new TextDecoder().decode(await this.bytes(options));
  }

  /** Reads the bytes as JSON. */
  async json(options: ReadOptions = {}): Promise<unknown> {
    return JSON.parse(await this.text(options)) as unknown;
  }

  /**
   * Reads bytes piece by piece. The hash is checked at the end of a whole read: use nothing before the stream has ended
   * without an error. A range has no hash of its own and is not checked.
   */
  async *stream(options: StreamOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkOptions(options, ["verify", "start", "end"]);
    const { start = 0, end = Number.POSITIVE_INFINITY, verify = true } = options;
    const isWhole = start === 0 && end === Number.POSITIVE_INFINITY;
    const expected = verify && isWhole ? expectationOf(this.#entry) : undefined;
    const chunks = this.#read(start, end);
    yield* expected === undefined ? chunks : verifiedStream(chunks, { expected, logicalKey: this.logicalKey });
  }

  async *#read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#entry.content !== undefined) {
      yield this.#entry.content.subarray(start, end);
      return;
    }
    if (end <= start) return;
    const range = end === Number.POSITIVE_INFINITY ? { start } : { start, end: end - 1 };
    yield* createReadStream(localPathOf(this.#entry, this.#owner.access), range) as AsyncIterable<Uint8Array>;
  }

  /** Reads the file as a value: by the format in its metadata or by its ending, or with a function of yours. */
  async deserialize(read?: Deserializer): Promise<unknown> {
    const bytes = await this.bytes();
    if (read !== undefined) return read(bytes);
    const formatName = formatOf(this.#entry.meta);
    return deserialize(bytes, { path: this.logicalKey, formatName });
  }

  /** Writes the file, verified, to `dest` (default: its own name in the working directory) and returns the path. */
  async fetch(dest: string = basename(this.logicalKey)): Promise<string> {
    const path = resolve(dest);
    const tree = new PackageTree();
    tree.set({ ...(await this.#hashed()), logicalKey: basename(path) });
    await installFiles({ tree, access: this.#owner.access, dest: dirname(path), path: "", overwrite: true });
    return path;
  }

  async #hashed(): Promise<Entry> {
    if (this.#entry.hash !== null) return this.#entry;
    const { size, values } = readSource(sourceOf(this.#entry, this.#owner), [DEFAULT_HASH]);
    return { ...this.#entry, size, hash: { type: DEFAULT_HASH, value: values[DEFAULT_HASH] ?? "" } };
  }

  /** The entry as the lower rooms know it, with links to local files checked. */
  toEntry(): Entry {
    if (this.#entry.physicalKeys[0]?.startsWith("file:") === true) localPathOf(this.#entry, this.#owner.access);
    return this.#entry;
  }
}

function userMeta(meta: Json): Json | undefined {
  return meta instanceof Map ? (meta as JsonObject).get("user_meta") : undefined;
}

function formatOf(meta: Json): string | undefined {
  if (!(meta instanceof Map)) return undefined;
  const format = (meta as JsonObject).get("format");
  const name = format instanceof Map ? (format as JsonObject).get("name") : (meta as JsonObject).get("target");
  return typeof name === "string" ? name : undefined;
}
