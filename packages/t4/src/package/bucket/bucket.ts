import { basename, dirname, resolve } from "node:path";
import { mapConcurrent } from "../../base/concurrency.js";
import { T4Error } from "../../base/errors.js";
import type { Deserializer } from "../../content/format.js";
import type { JsonInput, JsonOutput } from "../../format/json-convert.js";
import type { LogicalKey } from "../../format/logical-key.js";
import { STATE, TEMPORARY } from "../../format/registry-layout.js";
import { type SkippedPath, walkDirectory } from "../../transfer/walk-directory.js";
import { checkOptions } from "../check-options.js";
import { Package } from "../package.js";
import { PackageEntry } from "../package-entry.js";
import { type IndexOptions, type SearchAnswer, search } from "../search/search.js";
import { memorySource, pathOf } from "../sources/local-source.js";
import type { SelectOptions } from "../sql/sql.js";
import type { SqlResult } from "../sql/sql-result.js";
import { metadataHeader, userMetaIn } from "./object-metadata.js";
import { bytesOf, bytesOfFile, noObject, type ObjectStore, type OpenBytes, openObjects } from "./object-place.js";

/** An object of a {@link Bucket}. */
export interface BucketObject {
  /** From the bucket's root. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was written. */
  readonly modified: Date;
}

/** What {@link Bucket.ls} finds: an object, or the directory of some, ending in `/`. */
export type BucketItem =
  | BucketObject
  | {
      /** From the bucket's root. */
      readonly prefix: string;
    };

/** Options of {@link Bucket.ls}. */
export interface LsOptions {
  /** Lists all objects below, and no directories. Default `false`. */
  readonly recursive?: boolean;
  /** Ends the listing. */
  readonly signal?: AbortSignal;
}

/** Options of whatever writes to a {@link Bucket}. */
export interface PutObjectOptions {
  /** The object's metadata, as T4 of 2019 has it; a folder takes none. */
  readonly meta?: JsonInput;
  /** Aborts; objects are their old or new selves. */
  readonly signal?: AbortSignal;
}

/** Options of what works on many objects. */
export interface BucketOptions {
  /** Aborts; each object is its old or its new self. */
  readonly signal?: AbortSignal;
}

/** Options of what copies a directory. */
export interface CopyDirectoryOptions extends BucketOptions {
  /** Told of everything that is left out: `.git` and other names that other programs act upon, links to directories, special files. */
  readonly onSkipped?: (skipped: SkippedPath) => void;
}

/** Requests at once. */
const AT_ONCE = 16;

/**
 * Objects in a bucket, or files in a folder, by key, beside and without packages: for what is not, or not yet, in one.
 *
 * Nothing has a history here: what is put or deleted replaces what was there, unless the bucket keeps versions. What belongs to
 * the packages of a registry, below `.quilt/`, can be read and not changed.
 *
 * @example
 * ```ts
 * import { Bucket } from "t4";
 * const bucket = new Bucket("./inbox"); // or s3://bucket, s3://bucket/folder
 * await bucket.put("2024/jan.json", { celsius: [21, 22] });
 * for await (const key of bucket.keys()) console.log(key); // 2024/jan.json
 * console.log(await bucket.deserialize("2024/jan.json"));
 * ```
 */
export class Bucket {
  /** As it was given. */
  readonly location: string;
  #opened: Promise<ObjectStore> | undefined;

  /** `s3://bucket[/folder]`, a path or a `file:` URL. Nothing is asked yet. */
  constructor(location: string) {
    this.location = location;
  }

  /**
   * Keys of all objects, those that begin with `prefix`, in order. Costs one request per 1,000.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("a.txt", "a");
   * for await (const key of bucket.keys("a")) console.log(key); // a.txt
   * ```
   */
  async *keys(prefix = ""): AsyncGenerator<string, void, undefined> {
    for await (const item of this.#list(prefix, { recursive: true })) if ("key" in item) yield item.key;
  }

  /**
   * What is in a directory, `""` for the root, in order.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("2024/a.txt", "a");
   * for await (const item of bucket.ls()) console.log("prefix" in item ? item.prefix : item.key); // 2024/
   * for await (const item of bucket.ls("2024")) if ("key" in item) console.log(item.key, item.size, item.modified);
   * ```
   */
  async *ls(directory = "", options: LsOptions = {}): AsyncGenerator<BucketItem, void, undefined> {
    checkOptions(options, ["recursive", "signal"]);
    yield* this.#list(prefixOf(directory), options);
  }

  /**
   * Writes an object: bytes and text as they are, any other value as JSON.
   *
   * @throws {@link T4Error} `ERR_T4_UNSAFE` for a key below the `.quilt/` of a registry, or one that leaves a folder; `ERR_T4_USAGE` for what JSON
   * cannot hold, `ERR_T4_INVALID_META` for more than 2 KB of metadata, `ERR_T4_UNSUPPORTED` for metadata in a folder.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("notes.txt", "hello");
   * await bucket.put("four.bin", Uint8Array.of(1, 2, 3, 4));
   * await bucket.put("model.json", { layers: [64, 10] });
   * ```
   */
  async put(key: string, value: unknown, options: PutObjectOptions = {}): Promise<void> {
    await this.#write(key, bytesOf(encoded(value)), options);
  }

  /**
   * Writes a local file as an object, of any size, in parts. Without a path, the key is the path.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, and as {@link Bucket.put}.
   *
   * @example
   * ```ts
   * import { writeFileSync } from "node:fs";
   * import { Bucket } from "t4";
   * writeFileSync("jan.csv", "city,celsius\n");
   * await new Bucket("./inbox").putFile("2024/jan.csv", "jan.csv");
   * ```
   */
  async putFile(key: string, path: string = key, options: PutObjectOptions = {}): Promise<void> {
    const bytes = await bytesOfFile(pathOf(path));
    try {
      await this.#write(key, bytes, options);
    } finally {
      await bytes.close();
    }
  }

  /**
   * Writes the files of a local directory below a directory of the bucket; resolves to their number. What is there beside them stays.
   * What no directory of a package has is left out, and told to `onSkipped`: `.git` and other names that other programs act upon, links to
   * directories, special files. T4's own `.t4` and `.quilt` stay where they are.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_UNSAFE` for a link that leaves the directory, and as {@link Bucket.put}.
   *
   * @example
   * ```ts
   * import { mkdirSync, writeFileSync } from "node:fs";
   * import { Bucket } from "t4";
   * mkdirSync("raw", { recursive: true });
   * writeFileSync("raw/jan.csv", "city,celsius\n");
   * console.log(await new Bucket("./inbox").putDir("2024", "raw")); // 1
   * ```
   */
  async putDir(directory: string, path: string, options: CopyDirectoryOptions = {}): Promise<number> {
    checkOptions(options, ["signal", "onSkipped"]);
    const { signal: all } = options;
    const into = prefixOf(directory);
    const files = walkDirectory(pathOf(path), { ignore: false, ...options });
    const put = async ({ key, path: file }: { readonly key: string; readonly path: string }, signal: AbortSignal) =>
      this.putFile(into + key, file, { signal });
    let count = 0;
    for await (const _ of mapConcurrent(files, put, { concurrency: AT_ONCE, ...(all && { signal: all }) })) count++;
    return count;
  }

  /**
   * Reads an object whole, into memory.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("four.bin", Uint8Array.of(1, 2, 3, 4));
   * console.log((await bucket.get("four.bin")).length); // 4
   * ```
   */
  async get(key: string): Promise<Uint8Array> {
    return (await this.#entry(key)).bytes({ verify: false });
  }

  /**
   * Reads an object as a value, by the format that its metadata names, else by its ending, or with a function of yours; see
   * `PackageEntry.deserialize`.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_UNSUPPORTED` when no format fits.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("cities.csv", "city,celsius\nOslo,21\n");
   * console.log(await bucket.deserialize("cities.csv")); // [{ city: "Oslo", celsius: 21 }]
   * ```
   */
  async deserialize(key: string, read?: Deserializer): Promise<unknown> {
    return (await this.#named(key)).deserialize(read);
  }

  /**
   * Runs one SQL statement that reads on an object, the table `S3Object`, as S3 Select calls it; in the dialect of DuckDB, which has
   * to be installed, and on every format that `sql` reads.
   *
   * The object is read twice, for its hash and into a private copy, which is removed with the result.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`; `ERR_T4_INTEGRITY` when the object changes meanwhile; else as {@link sql}.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("cities.csv", "city,celsius\nOslo,21\nRome,30\n");
   * const warm = await bucket.select("cities.csv", "select city from S3Object where celsius > 25");
   * console.log(await warm.toArray()); // [{ city: "Rome" }]
   * ```
   */
  async select(key: string, statement: string, options?: SelectOptions): Promise<SqlResult> {
    const { selectFrom } = await import("../sql/run-sql.js");
    return selectFrom(
      { name: "S3Object", ...(await (await this.#named(key)).toHashed(options?.signal)) },
      statement,
      options,
    );
  }

  /**
   * Finds packages that are in the bucket or folder by words, as `search` does; objects beside packages are in no index.
   *
   * @throws {@link T4Error} as {@link search}.
   *
   * @example
   * ```ts
   * import { Bucket, Package } from "t4";
   * const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\n");
   * await pkg.push("alice/weather", "./inbox", { message: "Measured by hand" });
   * const { results } = await new Bucket("./inbox").search("celsius");
   * console.log(results[0]?.name); // alice/weather
   * ```
   */
  async search(query: string, options: Omit<IndexOptions, "registry"> = {}): Promise<SearchAnswer> {
    checkOptions(options, ["cached", "limit", "onUpdate", "signal"]);
    return search(query, { ...options, registry: this.location });
  }

  /**
   * Writes an object to a local file, or with a slash at its end, all objects of a directory to a local directory. Files get
   * their names when they are whole. Without `dest`, its own name in the working directory. Of a directory, names that other programs act
   * upon, such as `.git`, are left out, and told to `onSkipped`.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`; `ERR_T4_UNSAFE`, before anything is written, for keys that would leave the directory.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("2024/a.txt", "a");
   * await bucket.fetch("2024/a.txt", "a.txt");
   * await bucket.fetch("2024/", "copy"); // copy/a.txt
   * ```
   */
  async fetch(key: string, dest: string = basename(key) || ".", options: CopyDirectoryOptions = {}): Promise<void> {
    checkOptions(options, ["signal", "onSkipped"]);
    const { onSkipped: _, ...fetching } = options;
    if (key !== "" && !key.endsWith("/")) {
      const target = resolve(pathOf(dest));
      await fetchFiles(await new Package().set(basename(target), await this.#entry(key)), dirname(target), fetching);
      return;
    }
    const { urlOf } = await this.#open();
    await fetchFiles(
      await new Package().setDir("", urlOf(prefixOf(key)), { ignore: false, ...options }),
      resolve(pathOf(dest)),
      fetching,
    );
  }

  /**
   * Deletes an object. In a bucket with versions, the old ones stay.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_UNSAFE` for a key below the `.quilt/` of a registry.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("a.txt", "a");
   * await bucket.delete("a.txt");
   * ```
   */
  async delete(key: string): Promise<void> {
    const { store } = await this.#openOwn(key);
    if ((await store.head(key)) === undefined) throw noObject(key, store.url);
    await store.delete(key);
  }

  /**
   * Deletes all objects of a directory; resolves to their number.
   *
   * @throws {@link T4Error} `ERR_T4_USAGE` for the root, `ERR_T4_UNSAFE` for what is below the `.quilt/` of a registry, or has one below it:
   * nothing is deleted then; `ERR_T4_NOT_FOUND` when there is nothing. When it is cut off, some are deleted.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("./inbox");
   * await bucket.put("2024/a.txt", "a");
   * console.log(await bucket.deleteDir("2024")); // 1
   * ```
   */
  async deleteDir(directory: string, options: BucketOptions = {}): Promise<number> {
    checkOptions(options, ["signal"]);
    const prefix = prefixOf(directory);
    if (prefix === "") {
      throw new T4Error("ERR_T4_USAGE", "deleteDir needs a directory: the root would be everything.", {
        hint: "Delete its directories one by one.",
      });
    }
    const { store, wholePath } = await this.#openOwn(prefix);
    for await (const key of this.keys(prefix)) requireOwn(key, wholePath);
    let count = 0;
    const remove = async (key: string, signal: AbortSignal): Promise<unknown> => store.delete(key, { signal });
    for await (const _ of mapConcurrent(this.keys(prefix), remove, { concurrency: AT_ONCE, ...options })) count++;
    if (count === 0) throw noObject(prefix, store.url);
    return count;
  }

  /**
   * The user's metadata of an object, as T4 of 2019 keeps it; `{}` when there is none, and for files of a folder.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("s3://lab-data/inbox");
   * await bucket.put("a.json", [1], { meta: { station: 7 } });
   * console.log(await bucket.getMeta("a.json")); // { station: 7 }
   * ```
   */
  async getMeta(key: string): Promise<JsonOutput> {
    const { store, metadata } = await this.#open();
    const found = await metadata(key);
    if (found === undefined) throw noObject(key, store.url);
    return userMetaIn(found);
  }

  /**
   * Replaces the user's metadata of an object, as T4 of 2019 does: the server copies the object onto itself. What its metadata says of
   * its format stays.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_CONFLICT` when the object changed meanwhile, `ERR_T4_INVALID_META` for
   * more than 2 KB, `ERR_T4_UNSUPPORTED` in a folder.
   *
   * @example
   * ```ts
   * import { Bucket } from "t4";
   * const bucket = new Bucket("s3://lab-data/inbox");
   * await bucket.put("b.json", [1]);
   * await bucket.setMeta("b.json", { station: 8 });
   * ```
   */
  async setMeta(key: string, meta: JsonInput): Promise<void> {
    await (await this.#openOwn(key)).changeMetadata(key, (before) => metadataHeader(meta, before));
  }

  async #write(key: string, bytes: OpenBytes, options: PutObjectOptions): Promise<void> {
    checkOptions(options, ["meta", "signal"]);
    const { meta, signal } = options;
    const metadata = meta === undefined ? undefined : metadataHeader(meta, new Map());
    await (await this.#openOwn(key)).write(key, bytes, { metadata, signal });
  }

  /** The object as a file of a package of its own, which reads it piece by piece, and as it is now. */
  async #entry(key: string): Promise<PackageEntry> {
    const { store, urlOf } = await this.#open();
    if (key.endsWith("/") || (await store.head(key)) === undefined) throw noObject(key, store.url);
    return (await new Package().set("object", urlOf(key))).entry("object");
  }

  /** The object under its own name and metadata, which say what format it has. */
  async #named(key: string): Promise<PackageEntry> {
    const { entry, access } = (await this.#entry(key)).toEntry();
    const meta = (await (await this.#open()).metadata(key)) ?? new Map();
    const named = { ...entry, logicalKey: key as LogicalKey, meta };
    return PackageEntry.of(named, { access: () => access, change: () => entry });
  }

  async *#list(prefix: string, { recursive = false, signal }: LsOptions): AsyncGenerator<BucketItem, void, undefined> {
    const { store } = await this.#open();
    const options = { ...(recursive ? {} : { delimiter: "/" as const }), ...(signal && { signal }) };
    for await (const item of store.list(prefix, options)) {
      if ("prefix" in item) yield item;
      else if (!item.key.startsWith(TEMPORARY))
        yield { key: item.key, size: item.size, modified: new Date(item.modifiedMs) };
    }
  }

  /** Opens the bucket to change an object, or what is below a prefix. */
  async #openOwn(key: string): Promise<ObjectStore> {
    const opened = await this.#open();
    requireOwn(key, opened.wholePath);
    return opened;
  }

  #open(): Promise<ObjectStore> {
    this.#opened ??= openObjects(this.location);
    return this.#opened;
  }
}

/** Bytes of which nobody keeps a hash are read for it first. */
async function fetchFiles(pkg: Package, directory: string, options: BucketOptions): Promise<void> {
  await pkg.hashPending(options);
  await pkg.fetch(directory, options);
}

function prefixOf(directory: string): string {
  const path = directory.replace(/^\/+/, "");
  return path === "" || path.endsWith("/") ? path : `${path}/`;
}

/** Where the bucket has packages, on disks that know no case, too; workflows are files that people edit. */
const OWN_REGISTRY = /^\.quilt\/(?!workflows\/)/i;
/** Where any registry has what packages stand on: one below the bucket's directories, or around it. */
const REGISTRY = /(?:^|\/)\.quilt\/(?:packages|named_packages|t4)(?:\/|$)/i;

/** What packages stand on is changed by pushing, and by the commands for registries. */
function requireOwn(key: string, wholePath: ObjectStore["wholePath"]): void {
  if (!OWN_REGISTRY.test(key) && !REGISTRY.test(wholePath(key))) return;
  throw new T4Error("ERR_T4_UNSAFE", `Refused to change ${JSON.stringify(key)}: packages of a registry stand on it.`, {
    hint: `Use Package.push, Registry.deletePackage and Registry.collectGarbage; ${STATE} is T4's own.`,
    facts: { key },
  });
}

function encoded(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const source = typeof value === "string" ? memorySource.ofText(value) : memorySource.ofJson(value);
  return source.content as Uint8Array;
}
