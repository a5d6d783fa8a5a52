import { closeSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { T4Error } from "../base/errors.js";
import type { Deserializer, FormatFile, FormatOptions, Row } from "../content/format.js";
import type { RowSelection, TableSchema } from "../content/rows.js";
import { decodeText, parseJson } from "../content/text.js";
import { type Entry, entryUserMeta } from "../format/entry.js";
import { type JsonInput, type JsonOutput, metaOutput, metaText, toJson } from "../format/json-convert.js";
import type { Json, JsonObject } from "../format/json-value.js";
import { DEFAULT_HASH } from "../hash/hasher.js";
import { PackageTree } from "../manifest/package-tree.js";
import { readExactly } from "../store/file/read-exactly.js";
import type { StreamedRange } from "../transfer/fetch-source.js";
import type { Expected, HashJob, JobResult, LocalFile, Source } from "../transfer/file-job.js";
import { changed, openUnchanged, requireStill } from "../transfer/read-source.js";
import { checkOptions } from "./check-options.js";
import { isPending } from "./package-state.js";
import { expectationOf, requireExpectation } from "./places/entry-expectation.js";
import { sourceOf } from "./places/entry-job.js";
import type { PresignedUrl, PresignOptions } from "./presign-entry.js";
import { type FileAccess, localPathOf } from "./sources/file-access.js";
import type { SelectOptions } from "./sql/sql.js";
import type { SqlResult } from "./sql/sql-result.js";
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
  /** Byte to stop before, exclusive. Default the size. */
  readonly end?: number;
}

/** Options of {@link PackageEntry.rows}. */
export interface RowsOptions extends RowSelection {
  /** Whether cells of csv and tsv stay texts. Default `false`. */
  readonly text?: boolean | undefined;
  /**
   * `true`: all bytes are checked before the first row. `false`: none are. Default: what is read whole is checked at its end,
   * ranges are not.
   */
  readonly verify?: boolean | undefined;
}

/** The hash of one file's bytes. */
export interface EntryHash {
  /** `sha2-256-chunked`, `SHA256` or `CRC64NVME`; bytes with a hash of another type cannot be verified. */
  readonly type: string;
  /** Hexadecimal for `SHA256`, base64 for the others. */
  readonly value: string;
}

/** What an entry needs of the package that it is in. */
export interface EntryOwner {
  /** Which local files the package may lead to. */
  access(): FileAccess;
  /** Changes the entry that is there now, and returns it; throws when it is another file, or none. */
  change(edit: (current: Entry) => Entry): Entry;
}

/** An entry, and what its package may lead to. */
interface OwnedEntry {
  readonly entry: Entry;
  readonly access: FileAccess;
}

/**
 * One file of a package; entries come from packages: `pkg.entry("path")`, `pkg.get("path")`, `pkg.walk()`.
 *
 * @example
 * ```ts
 * import { Package } from "t4";
 * const pkg = await new Package().setText("notes/a.txt", "a", { meta: { origin: "me" } });
 * const entry = pkg.entry("notes/a.txt");
 * console.log(entry.logicalKey, entry.size, entry.meta, await entry.text());
 * ```
 */
export class PackageEntry {
  #entry: Entry;
  readonly #owner: EntryOwner;

  private constructor(entry: Entry, owner: EntryOwner) {
    this.#entry = entry;
    this.#owner = owner;
  }

  /** For packages, which own entries. @internal */
  static of(entry: Entry, owner: EntryOwner): PackageEntry {
    return new PackageEntry(entry, owner);
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
  get hash(): EntryHash | undefined {
    const { hash } = this.#entry;
    return hash === null ? undefined : { type: hash.type, value: hash.value };
  }

  /** URL of the bytes, `file://…` or `s3://…`; `undefined` while they are only in memory. */
  get physicalKey(): string | undefined {
    return this.#entry.physicalKeys[0];
  }

  /** The user's metadata of this entry; `{}` when there is none. A copy: change it with {@link PackageEntry.setMeta}. */
  get meta(): JsonOutput {
    return metaOutput(entryUserMeta(this.#entry.meta));
  }

  /** The user's metadata of this entry as JSON text, as the manifest has it: `"{}"` when there is none. */
  get metaJson(): string {
    return metaText(entryUserMeta(this.#entry.meta));
  }

  /**
   * Replaces the user's metadata of this entry in its package. Numbers in parts that stay equal keep how they were written.
   * Only the metadata of the file that is there now is changed, also after a build or push.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_META`; `ERR_T4_NOT_FOUND` when the file was deleted since the entry was taken,
   * `ERR_T4_CONFLICT` when its key was set again. Nothing is changed then.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * pkg.entry("a.txt").setMeta({ checked: true });
   * console.log(pkg.entry("a.txt").meta); // { checked: true }
   * ```
   */
  setMeta(meta: JsonInput): this {
    this.#entry = this.#owner.change((current) => {
      const members = new Map<string, Json>(current.meta instanceof Map ? (current.meta as JsonObject) : []);
      return { ...current, meta: members.set("user_meta", toJson(meta, entryUserMeta(current.meta))) };
    });
    return this;
  }

  /**
   * Reads all bytes into memory and checks them against the entry's hash.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` when they are others, `ERR_T4_UNSAFE` for a file that the package may not name.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setBytes("b.bin", Uint8Array.of(1, 2));
   * console.log((await pkg.entry("b.bin").bytes()).length); // 2
   * ```
   */
  async bytes(options: ReadOptions = {}): Promise<Uint8Array> {
    checkOptions(options, ["verify"]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#stream(options, { isAllWanted: true })) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * Reads the bytes, verified, as UTF-8 text. Nothing is lost: a byte order mark is the text's first character.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when they are no UTF-8, and as {@link PackageEntry.bytes}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "hello");
   * console.log(await pkg.entry("a.txt").text());
   * ```
   */
  async text(options: ReadOptions = {}): Promise<string> {
    return decodeText(await this.bytes(options), this.logicalKey);
  }

  /**
   * Reads the bytes, verified, as JSON; a byte order mark before it does not count.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when they are no UTF-8 or no JSON, and as {@link PackageEntry.bytes}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setJson("a.json", { x: 1 });
   * console.log(await pkg.entry("a.json").json());
   * ```
   */
  async json(options: ReadOptions = {}): Promise<unknown> {
    return parseJson(await this.text(options), this.logicalKey);
  }

  /**
   * Reads bytes piece by piece. A whole file of up to 4 MiB is checked before its first piece comes. Of a larger one the hash is
   * checked at the end: use nothing before the stream has ended without an error. A range has no hash of its own and is not checked.
   * A file that was set must be as it was then, until the end. Leaving the loop closes the file.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` after the last piece, or before the first of a small file and when the entry
   * says nothing to check the bytes against; `ERR_T4_SOURCE_CHANGED`, `ERR_T4_UNSAFE`, `ERR_T4_USAGE` for a range of anything
   * but whole numbers from 0 on.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "0123456789");
   * for await (const chunk of pkg.entry("a.txt").stream({ start: 2, end: 5 })) {
   *   console.log(new TextDecoder().decode(chunk)); // "234"
   * }
   * ```
   */
  async *stream(options: StreamOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkOptions(options, ["verify", "start", "end"]);
    const { start = 0, end = Number.POSITIVE_INFINITY } = options;
    requireRange(start, end);
    yield* this.#stream(options, { isAllWanted: end !== Number.POSITIVE_INFINITY });
  }

  async *#stream(
    { start = 0, end = Number.POSITIVE_INFINITY, verify = true }: StreamOptions,
    { isAllWanted }: { readonly isAllWanted: boolean },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const isWhole = start === 0 && end === Number.POSITIVE_INFINITY;
    const expected = verify && isWhole ? this.#expected() : undefined;
    const chunks = this.#read({ start, end, isAllWanted });
    yield* expected === undefined ? chunks : verifiedStream(chunks, { expected, logicalKey: this.logicalKey });
  }

  /** What was set and is not built has no hash yet, and is this user's own. */
  #expected(): Expected | undefined {
    return isPending(this.#entry) ? expectationOf(this.#entry) : requireExpectation(this.#entry);
  }

  async *#read(range: StreamedRange): AsyncGenerator<Uint8Array, void, undefined> {
    const { start, end } = range;
    if (this.#entry.content !== undefined) {
      // A copy: whoever reads may change what they get.
      yield this.#entry.content.slice(start, end);
      return;
    }
    if (end <= start) return;
    const source = sourceOf(this.#entry, { access: this.#owner.access() });
    if ("url" in source) {
      const { streamSource } = await import("../transfer/fetch-source.js");
      yield* streamSource(source, range);
      return;
    }
    if ("path" in source) yield* readFile(source, start, end);
  }

  /**
   * Reads the file, verified, as a value: by the format that its metadata names, else by its ending, or with a function of
   * yours. `.gz` and `.zst` are unpacked first. Tables (csv, tsv, jsonl, Parquet …) become one object per row, as
   * {@link PackageEntry.rows}.
   *
   * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when no format fits, `ERR_T4_FORMAT` for what is damaged, is no UTF-8, or unpacks to
   * more than 128 MiB; and as {@link PackageEntry.bytes}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
   * console.log(await pkg.entry("cities.csv").deserialize()); // [{ city: "Oslo", celsius: 21 }]
   * console.log(await pkg.entry("cities.csv").deserialize((bytes) => bytes.length)); // 21
   * ```
   */
  async deserialize(read?: Deserializer): Promise<unknown> {
    if (read !== undefined) return read(await this.bytes());
    const { deserializeFile } = await import("../content/deserialize.js");
    return deserializeFile(await this.#format(), await this.#file({ verify: true }));
  }

  /**
   * Reads a table row by row: csv, tsv, JSON (an array of objects), JSON Lines, Parquet, Arrow IPC, NumPy and Excel, and what
   * {@link registerFormat} added;
   * by the format that the metadata names, else by the ending. `.gz` and `.zst` are unpacked on the way. Values keep their
   * digits: see {@link Column.type}.
   *
   * Memory does not grow with the rows. Text formats are read from the start, verified at the end as
   * {@link PackageEntry.stream}; a `limit` ends the reading. Of Parquet only the footer, the columns and the row groups that
   * `columns`, `filter` and `limit` leave are read, of other binary formats what comes before the last row, by ranges, which
   * cannot be verified; a file of up to 1 MiB is read whole, and `verify: true` reads any file whole first.
   *
   * Types of csv and tsv are found from the first 1000 records: cells are numbers, booleans, dates or timestamps where nothing
   * is lost by that, and an empty one is null.
   *
   * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for what is no table, `ERR_T4_FORMAT` for a damaged one, or a cell that is not of its
   * column's type, `ERR_T4_USAGE` for unknown columns; and as {@link PackageEntry.stream}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\nBergen,18\n");
   * for await (const row of pkg.entry("cities.csv").rows({ columns: ["city"], filter: { celsius: { gt: 20 } }, limit: 10 })) {
   *   console.log(row); // { city: "Oslo" }
   * }
   * ```
   */
  async *rows(options: RowsOptions = {}): AsyncGenerator<Row, void, undefined> {
    checkOptions(options, ["columns", "filter", "limit", "text", "verify"]);
    const { readRows } = await import("../content/rows.js");
    yield* readRows(await this.#format(), await this.#file(options), options);
  }

  /**
   * The columns of a table, with their types. Costs the footer of a Parquet file, the first rows of a text file.
   *
   * @throws {@link T4Error} As {@link PackageEntry.rows}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
   * console.log((await pkg.entry("cities.csv").schema()).columns);
   * // [{ name: "city", type: "string" }, { name: "celsius", type: "number" }]
   * ```
   */
  async schema(options: Pick<RowsOptions, "text" | "verify"> = {}): Promise<TableSchema> {
    checkOptions(options, ["text", "verify"]);
    const { readSchema } = await import("../content/rows.js");
    return readSchema(await this.#format(), await this.#file(options));
  }

  async #format(): Promise<FormatOptions> {
    const { formatOf } = await import("./entry-format.js");
    return formatOf(this.#entry);
  }

  async #file(options: Pick<RowsOptions, "text" | "verify">): Promise<FormatFile> {
    const { formatFile } = await import("./format-file.js");
    return formatFile(this, options);
  }

  /**
   * Runs one SQL statement that reads on this file, the table `entry`; as `sql` does on many.
   *
   * @throws {@link T4Error} as {@link sql}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\nRome,30\n");
   * const warmest = await pkg.entry("cities.csv").select("select city from entry order by celsius desc limit 1");
   * console.log(await warmest.toArray()); // [{ city: "Rome" }]
   * ```
   */
  async select(statement: string, options?: SelectOptions): Promise<SqlResult> {
    const { selectFrom } = await import("./sql/run-sql.js");
    return selectFrom({ name: "entry", ...(await this.toHashed(options?.signal)) }, statement, options);
  }

  /**
   * Writes the file, verified, to `dest` (default: its own name in the working directory), replacing what is there, and
   * returns the absolute path. A crash leaves the old or the new file.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY`, `ERR_T4_UNSAFE`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("notes/a.txt", "a");
   * console.log(await pkg.entry("notes/a.txt").fetch("out/b.txt"));
   * ```
   */
  async fetch(dest: string = basename(this.logicalKey)): Promise<string> {
    const path = resolve(dest);
    const { installFiles } = await import("./directory/install-files.js");
    const tree = new PackageTree();
    const { entry, access } = await this.toHashed();
    tree.set({ ...entry, logicalKey: basename(path) });
    await installFiles({ tree, access, dest: dirname(path), path: "", overwrite: true });
    return path;
  }

  /**
   * Makes a URL with which whoever has it can read the file, without an account, until it expires: of S3 a presigned GET. For files in
   * buckets that the package may lead to with your credentials. Costs one request, in which the server must say that the object is
   * there and what the package says; of one in parts, another per 1,000 of these.
   *
   * A URL of a version always gives the same bytes, as one of T4's objects does. Of an object that was registered where it lay, in a
   * bucket without versions, it gives what is there when it is used.
   *
   * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for a file that is in no bucket, `ERR_T4_ACCESS` in a bucket that the package may not
   * lead to with your credentials, and where there are none; `ERR_T4_NOT_FOUND`, `ERR_T4_INTEGRITY` for what is gone or changed;
   * `ERR_T4_USAGE` for a time out of its bounds.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "for you");
   * await pkg.push("alice/a", "s3://lab-data");
   * const { url, expiresAt } = await pkg.entry("a.txt").presign({ expiresInSeconds: 600 });
   * console.log(await (await fetch(url)).text(), expiresAt); // for you
   * ```
   */
  async presign(options: PresignOptions = {}): Promise<PresignedUrl> {
    checkOptions(options, ["expiresInSeconds", "signal"]);
    const { presignEntry } = await import("./presign-entry.js");
    return presignEntry(this.#entry, this.#owner.access(), options);
  }

  /** The entry with a hash, for which its bytes are read where nobody knows it yet. @internal */
  async toHashed(signal?: AbortSignal): Promise<OwnedEntry> {
    const access = this.#owner.access();
    if (this.#entry.hash !== null) return { entry: this.#entry, access };
    const source = sourceOf(this.#entry, { access });
    const job: HashJob<Source> = { kind: "hash", source, types: [DEFAULT_HASH] };
    const { runFileJobs } = await import("../transfer/run-file-jobs.js");
    let read: JobResult | undefined;
    for await (const [finished] of runFileJobs([job], (item) => item, signal && { signal })) read = finished?.result;
    const hash = { type: DEFAULT_HASH, value: read?.values[DEFAULT_HASH] ?? "" };
    return { entry: { ...this.#entry, size: read?.size ?? null, hash }, access };
  }

  /** The entry as the lower rooms know it, with links to local files checked, and what its package may lead to. @internal */
  toEntry(): OwnedEntry {
    const access = this.#owner.access();
    if (this.#entry.physicalKeys[0]?.startsWith("file:") === true) localPathOf(this.#entry, access);
    return { entry: this.#entry, access };
  }
}

/** Bytes of a file that are read at once. */
const PIECE_BYTES = 256 * 1024;

/** The bytes of a file from `start` to before `end`; one that was set must be, and stay, what it was. */
async function* readFile(source: LocalFile, start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
  const { file, stamp } = openUnchanged(source);
  try {
    const stop = Math.min(end, stamp.size);
    for (let at = start; at < stop; at += PIECE_BYTES) {
      const piece = await readExactly(file, at, Math.min(stop, at + PIECE_BYTES));
      if (piece === undefined) throw changed(source.path, "while it was read");
      yield piece;
    }
    requireStill(file, source);
  } finally {
    closeSync(file);
  }
}

function requireRange(start: number, end: number): void {
  if (isPlace(start) && (end === Number.POSITIVE_INFINITY || isPlace(end))) return;
  throw new T4Error("ERR_T4_USAGE", `Expected a range of bytes, got start ${String(start)} and end ${String(end)}.`, {
    hint: "Both are whole numbers from 0 on; end is the first byte that is left out.",
  });
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
