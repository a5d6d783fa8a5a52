import type { LongOperationOptions } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import { messageOf, userMetaOf } from "../format/header.js";
import { type JsonInput, type JsonOutput, metaFromText, metaOutput, metaText } from "../format/json-convert.js";
import { parseDirectoryKey, parseLogicalKey } from "../format/logical-key.js";
import { encodeManifest, manifestLines } from "../manifest/encode-manifest.js";
import { diffPackages, type PackageDiff } from "./changes/diff-packages.js";
import { joinMeanwhile } from "./changes/meanwhile.js";
import { mergePackages } from "./changes/merge-packages.js";
import { type RowsDiffOptions, type TableChange, tableChanges } from "./changes/table-changes.js";
import { TouchLog } from "./changes/touch-log.js";
import { BROWSE, checkOptions, LONG, REVISION } from "./check-options.js";
import { type DirectoryBase, openBase, openDirectory, remember } from "./directory/open-directory.js";
import type { VerifyOptions, VerifyReport } from "./directory/verify-directory.js";
import {
  metaAt,
  subPackage,
  withAccess,
  withAccessTo,
  withEntry,
  withJsonMeta,
  withMeta,
  withTree,
  workflowOutput,
} from "./edit.js";
import { hashPending } from "./hash-pending.js";
import { anotherFileAt, nothingAt, requireEntry } from "./key-errors.js";
import { type EntryOwner, PackageEntry } from "./package-entry.js";
import type {
  BrowseOptions,
  BuildOptions,
  InstallOptions,
  InstallReport,
  OpenDirectoryOptions,
  PushOptions,
  ResolveOptions,
  SetDirOptions,
  SetOptions,
} from "./package-options.js";
import { contentOf, emptyState, type PackageState, requireTopHash } from "./package-state.js";
import { type PublishRequest, publish } from "./publish.js";
import { loadManifest, openRevision } from "./registries/open-revision.js";
import type { OpenRegistry } from "./registries/opened-registry.js";
import { openLocation } from "./registries/registry-location.js";
import { adoptedSource, memorySource, pathOf, type Source } from "./sources/local-source.js";
import { userDirectory, userSource } from "./sources/user-source.js";

/** A directory with the revision that it stands on. */
export interface DirectoryPackage extends DirectoryBase {
  /** That revision. */
  readonly base: Package;
  /**
   * Logical keys of files that were changed here and in that revision, each in another way: installing it kept them.
   * A push is refused until each is settled, see {@link Package.resolve}.
   */
  readonly conflicts: readonly string[];
  /** The directory as it is now. */
  readonly current: Package;
}

/**
 * A named tree of files with metadata: built up in memory, published as an immutable revision.
 *
 * @example
 * ```ts
 * import { Package } from "t4";
 * const pkg = new Package();
 * await pkg.setText("notes/hello.txt", "hello");
 * const topHash = await pkg.push("alice/hello", "./registry", { message: "First" });
 * const again = await Package.browse("alice/hello", { registry: "./registry", topHash });
 * console.log(await again.entry("notes/hello.txt").text());
 * ```
 */
export class Package {
  #state: PackageState = emptyState();
  readonly #touches = new TouchLog();

  static #of(state: PackageState): Package {
    const pkg = new Package();
    pkg.#state = state;
    return pkg;
  }

  /** What the revision was said to be; `null` when nothing was. */
  get message(): string | null {
    return messageOf(this.#state.header);
  }

  /**
   * What the revision says of the registry's workflow that it was published under: `{ id, config, schemas }`, with `id: null`
   * for expressly none. `undefined` when it says nothing, as where the registry had no workflows. A copy.
   */
  get workflow(): JsonOutput | undefined {
    return workflowOutput(this.#state.header);
  }

  /** Metadata of the package; `{}` when there is none. A copy: change it with {@link Package.setMeta}. */
  get meta(): JsonOutput {
    return metaOutput(userMetaOf(this.#state.header));
  }

  /**
   * Metadata of a directory; `{}` when there is none. A copy. Whether there is such a directory does not matter.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = new Package().setMeta({ station: 7 }, "2024");
   * console.log(pkg.metaOf("2024")); // { station: 7 }
   * ```
   */
  metaOf(directory: string): JsonOutput {
    return metaOutput(metaAt(this.#state, parseDirectoryKey(directory)));
  }

  /**
   * Metadata of the package, or of the directory `directory`, as JSON text: numbers with all their digits, members in their
   * order, as the manifest has them. `"{}"` when there is none.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = new Package().setMetaJson('{"scale": 1.0}');
   * console.assert(pkg.metaJson() === '{"scale": 1.0}');
   * ```
   */
  metaJson(directory = ""): string {
    return metaText(metaAt(this.#state, parseDirectoryKey(directory)));
  }

  /**
   * Replaces the metadata of the package, or of the directory `directory`, by what JSON text says, losing nothing: `1.0` stays a
   * float, long integers keep all digits.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_META` when the text is not JSON; nothing is changed then.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = new Package().setMetaJson('{"id": 12345678901234567890}');
   * console.log(pkg.meta); // { id: 12345678901234567890n }
   * ```
   */
  setMetaJson(json: string, directory = ""): this {
    this.#state = withJsonMeta(this.#state, parseDirectoryKey(directory), metaFromText(json));
    return this;
  }

  /**
   * Replaces the metadata of the package, or of the directory `directory`. Equal parts keep how their numbers were written:
   * reading metadata, changing one member and setting it again turns no `1.0` into `1`.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_META` naming the path of a value that JSON cannot hold; nothing is changed then.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = new Package().setMeta({ license: "CC0" }).setMeta({ station: 7 }, "2024");
   * console.log(pkg.meta, pkg.metaOf("2024"));
   * ```
   */
  setMeta(meta: JsonInput, directory = ""): this {
    this.#state = withMeta(this.#state, parseDirectoryKey(directory), meta);
    return this;
  }

  /** Number of files. */
  get count(): number {
    return this.#state.tree.count;
  }

  /**
   * The top hash of the revision that this package is: 64 lower-case hexadecimal digits.
   *
   * @throws {@link T4Error} `ERR_T4_USAGE` after a change, until it is built or pushed.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * const topHash = await pkg.build("alice/a", { registry: "./registry" });
   * console.assert(pkg.topHash() === topHash);
   * ```
   */
  topHash(): string {
    return requireTopHash(this.#state);
  }

  /**
   * Sets a file: a path, a `file:` URL, an object `s3://bucket/key[?versionId=…]`, or an entry of another package. Without a
   * source, the key is the path.
   *
   * The file is taken as it is now: if it changes before the package is built or pushed, that fails and names it. Costs one
   * `lstat`, of an object one or two requests; nothing is read. An object has the hash that the server's SHA-256 of it gives;
   * where the server keeps none, it is read when the package is built, or hashed by the server that copies it.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`, also for a key below another file; `ERR_T4_NOT_FOUND` when there is no such
   * file; `ERR_T4_UNSAFE` for an entry that leads to a file which its package may not name.
   *
   * @example
   * ```ts
   * import { writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * writeFileSync("iris.csv", "species,petal\n");
   * const pkg = await new Package().set("data/iris.csv", "iris.csv", { meta: { rows: 0 } });
   * const other = await new Package().set("copy.csv", pkg.entry("data/iris.csv"));
   * ```
   */
  async set(
    logicalKey: string,
    source: string | URL | PackageEntry = logicalKey,
    options: SetOptions = {},
  ): Promise<this> {
    if (!(source instanceof PackageEntry)) {
      const found = await userSource(String(source));
      const state = withAccess(this.#state, found.access);
      return this.#set(logicalKey, { source: found.source, state }, options);
    }
    const adopted = source.toEntry();
    const state = withAccessTo(this.#state, adopted);
    return this.#set(logicalKey, { source: adoptedSource(adopted.entry), state }, options);
  }

  /**
   * Sets a file's content as bytes; they are copied, and held in memory until a build or push stores them.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`, `ERR_T4_INVALID_META`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setBytes("four.bin", Uint8Array.of(1, 2, 3, 4));
   * console.assert(pkg.entry("four.bin").size === 4);
   * ```
   */
  async setBytes(logicalKey: string, bytes: Uint8Array, options: SetOptions = {}): Promise<this> {
    return this.#set(logicalKey, { source: memorySource.ofBytes(bytes) }, options);
  }

  /**
   * Sets a file's content as text, in UTF-8.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`, `ERR_T4_INVALID_META`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("readme.md", "# Iris\n", { meta: { language: "en" } });
   * console.log(await pkg.entry("readme.md").text());
   * ```
   */
  async setText(logicalKey: string, text: string, options: SetOptions = {}): Promise<this> {
    return this.#set(logicalKey, { source: memorySource.ofText(text) }, options);
  }

  /**
   * Sets a file's content as JSON, as `JSON.stringify` writes it.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`, `ERR_T4_INVALID_META`, `ERR_T4_USAGE` for what JSON cannot hold.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setJson("model.json", { layers: [64, 10] });
   * console.log(await pkg.entry("model.json").json());
   * ```
   */
  async setJson(logicalKey: string, value: unknown, options: SetOptions = {}): Promise<this> {
    return this.#set(logicalKey, { source: memorySource.ofJson(value) }, options);
  }

  /**
   * Sets all files of a local directory; `""`, `"."` or `"/"` is the package's root. Without a source, the key is the path.
   *
   * With `s3://bucket/prefix/` it sets all objects below the prefix, as {@link Package.set} does, for a request each and one per
   * 1,000 of them; what `ignore` and `followSymlinks` say is about directories.
   *
   * `.quiltignore` files are honoured, but for files that the package has; so are left out `.git`, `.ssh`, `.t4` and `.quilt`, which
   * no install would write. Costs one `readdir` per directory and one `lstat` per file; files that did not change since they
   * were last hashed have their hash already.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_ACCESS`, `ERR_T4_UNSAFE` naming both ends of a link that leaves the
   * directory. The package is unchanged then, as it is after a cancel.
   *
   * @example
   * ```ts
   * import { mkdirSync, writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * mkdirSync("raw/2024", { recursive: true });
   * writeFileSync("raw/2024/jan.csv", "a,b\n");
   * const pkg = await new Package().setDir("data", "raw", { meta: { station: 7 } });
   * console.log([...pkg.walk()].map(([key]) => key)); // ["data/2024/jan.csv"]
   * ```
   */
  async setDir(logicalKey: string, source: string | URL = logicalKey, options: SetDirOptions = {}): Promise<this> {
    checkOptions(options, ["ignore", "followSymlinks", "signal", "meta", "updatePolicy", "mirror", "onSkipped"]);
    const directory = parseDirectoryKey(logicalKey);
    this.#state = (await userDirectory({ ...options, directory, source: String(source) }))(this.#state);
    this.#touches.note(directory);
    return this;
  }

  /**
   * Removes a file or a directory from this package; revisions that were published keep it.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("old/a.txt", "a");
   * pkg.delete("old");
   * console.assert(!pkg.has("old/a.txt"));
   * ```
   */
  delete(key: string): this {
    const path = parseDirectoryKey(key);
    this.#state = withTree(this.#state, (tree) => {
      if (!tree.delete(path)) throw nothingAt(tree, key);
    });
    this.#touches.note(path);
    return this;
  }

  /**
   * Whether there is a file or directory.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("data/a.txt", "a");
   * console.assert(pkg.has("data") && pkg.has("data/a.txt") && !pkg.has("a.txt"));
   * ```
   */
  has(key: string): boolean {
    const { tree } = this.#state;
    return tree.get(key) !== undefined || tree.isDirectory(parseDirectoryKey(key));
  }

  /**
   * A file's entry, or a directory as a package of its own, with keys relative to it. Changes of that package do not reach
   * this one.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("data/a.txt", "a");
   * const data = pkg.get("data");
   * if (data instanceof Package) console.assert(data.has("a.txt"));
   * ```
   */
  get(key: string): PackageEntry | Package {
    const { tree } = this.#state;
    const directory = parseDirectoryKey(key);
    const entry = tree.get(key);
    if (entry !== undefined) return this.#entryOf(entry);
    if (!tree.isDirectory(directory)) throw nothingAt(tree, key);
    return Package.#of(directory === "" ? this.#state : subPackage(this.#state, directory));
  }

  /**
   * A file's entry. Costs one look-up, in a package of any size.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is none.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("data/a.txt", "a");
   * console.log(pkg.entry("data/a.txt").size); // 1
   * ```
   */
  entry(logicalKey: string): PackageEntry {
    return this.#entryOf(requireEntry(this.#state.tree, logicalKey));
  }

  /**
   * Names at the top of the package or of a directory, in order; those of directories end in a slash.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("data/a.txt", "a");
   * console.log([...pkg.keys()], [...pkg.keys("data")]); // ["data/"] ["a.txt"]
   * ```
   */
  *keys(directory = ""): Generator<string, void, undefined> {
    const children = this.#state.tree.children(parseDirectoryKey(directory));
    for (const { name, entry } of children) yield entry === undefined ? `${name}/` : name;
  }

  /**
   * All files, in the order of the manifest: level by level, names by code point. Each comes up when it is asked for, so a
   * loop that breaks off early pays only for what it saw.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * for (const [logicalKey, entry] of pkg.walk()) console.log(logicalKey, entry.size);
   * ```
   */
  *walk(): Generator<[logicalKey: string, entry: PackageEntry], void, undefined> {
    for (const entry of this.#state.tree.entries()) yield [entry.logicalKey, this.#entryOf(entry)];
  }

  /**
   * What `fn` makes of every file, in order.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "aaa");
   * console.log(pkg.map((logicalKey, { size }) => [logicalKey, size])); // [["a.txt", 3]]
   * ```
   */
  map<Result>(fn: (logicalKey: string, entry: PackageEntry) => Result): Result[] {
    return Array.from(this.walk(), ([logicalKey, entry]) => fn(logicalKey, entry));
  }

  /**
   * A package of the files that `fn` accepts; metadata stays, and so does the revision it stands on.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await (await new Package().setText("a.csv", "a")).setText("b.md", "b");
   * console.log(pkg.filter((logicalKey) => logicalKey.endsWith(".csv")).count); // 1
   * ```
   */
  filter(fn: (logicalKey: string, entry: PackageEntry) => boolean): Package {
    const filtered = withTree(this.#state, (tree) => {
      for (const [logicalKey, entry] of this.walk()) if (!fn(logicalKey, entry)) tree.delete(logicalKey);
    });
    return Package.#of(filtered);
  }

  /**
   * What changed from this package to `other`: keys that were added, modified or deleted, and whose metadata did. Entries
   * that are not built have no hash yet and count as modified where their hash is needed; {@link Package.hashPending}
   * computes it.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const registry = "./registry";
   * const pkg = await new Package().setText("a.txt", "a");
   * await pkg.push("alice/a", registry);
   * await pkg.setText("b.txt", "b");
   * await pkg.push("alice/a", registry);
   * const before = await Package.browse("alice/a@latest~1", { registry });
   * console.log(before.diff(pkg)); // { added: ["b.txt"], modified: [], deleted: [], metadata: [] }
   * ```
   */
  diff(other: Package): PackageDiff;
  /**
   * What changed in the rows of tables that both packages have: rows that were added, removed or changed, cell by cell, in
   * the order of `key`. Cells of csv and tsv are compared as texts. What is not built is hashed first. Both tables are
   * sorted, in temporary files where they have more than 32 MiB, so that they need not fit in memory. Ending the loop removes
   * the files.
   *
   * @throws {@link T4Error} `ERR_T4_USAGE` for a key that is no column or that several rows have, and as {@link PackageEntry.rows}.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const before = await new Package().setText("a.csv", "id,celsius\n1,20\n2,5\n");
   * const after = await new Package().setText("a.csv", "id,celsius\n1,21\n2,5\n");
   * for await (const change of before.diff(after, { rows: true, key: ["id"] })) {
   *   if (change.kind === "changed") console.log(change.key, change.columns, change.after); // { id: "1" } ["celsius"] …
   * }
   * ```
   */
  diff(other: Package, options: RowsDiffOptions): AsyncGenerator<TableChange, void, undefined>;
  diff(other: Package, options?: RowsDiffOptions): PackageDiff | AsyncGenerator<TableChange, void, undefined> {
    return options === undefined ? diffPackages(this.#state, other.#state) : tableChanges(this, other, options);
  }

  /**
   * What became of `base` here and in `other`, in one package that stands on `other`'s revision: the way on after a push
   * that met a conflict. Files and each directory's metadata count as wholes. Neither package changes.
   *
   * Entries whose hash is not known yet (see {@link Package.hashPending}) count as changed.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` naming what both changed in different ways.
   *
   * @example
   * ```ts
   * import { isT4Error, Package } from "t4";
   * await new Package().push("alice/notes", "./registry");
   * const base = await Package.browse("alice/notes", { registry: "./registry" });
   * const mine = await (await Package.browse("alice/notes", { registry: "./registry" })).setText("mine.txt", "1");
   * const other = await Package.browse("alice/notes", { registry: "./registry" });
   * await (await other.setText("theirs.txt", "2")).push("alice/notes", "./registry");
   * try {
   *   await mine.push("alice/notes", "./registry");
   * } catch (error) {
   *   if (!isT4Error(error, "ERR_T4_CONFLICT")) throw error;
   *   await mine.merge(base, await Package.browse("alice/notes", { registry: "./registry" })).push("alice/notes", "./registry");
   * }
   * ```
   */
  merge(base: Package, other: Package): Package {
    return Package.#of(mergePackages({ base: base.#state, mine: this.#state, theirs: other.#state }));
  }

  /**
   * Makes a revision in a registry that points to the files where they are, and resolves to its top hash.
   *
   * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED` when a file changed since it was set, `ERR_T4_WORKFLOW` when a rule of
   * the registry's workflow is broken.
   *
   * @example
   * ```ts
   * import { writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * writeFileSync("iris.csv", "species,petal\n");
   * const pkg = await new Package().set("iris.csv");
   * const topHash = await pkg.build("alice/iris", { message: "First", snapshot: true });
   * console.log(topHash); // in your local registry
   * ```
   */
  async build(name: string, options: BuildOptions = {}): Promise<string> {
    checkOptions(options, ["registry", "snapshot", ...REVISION]);
    const { registry = "local", snapshot = false, ...rest } = options;
    const copy = snapshot ? "missing" : "none";
    return this.#publish(openLocation(registry), { ...rest, name, copy, force: true });
  }

  /**
   * Publishes the package: copies its files into the registry, under names or as versions that no later push touches, then
   * commits the revision by compare-and-swap. Resolves to the top hash once everything is on the disk, or in the bucket.
   *
   * Under a crash or cancel readers see the old latest revision or the new one, never less; pushing again finds what was
   * stored. Costs one read of each file whose bytes the registry may not have.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved since the revision that this package stands on, or does not
   * come before the one that it stands on in another registry; `ERR_T4_SOURCE_CHANGED` when a file changed since it was set,
   * `ERR_T4_WORKFLOW` when a rule of the registry's workflow is broken, which is checked before the first byte is copied.
   * Nothing is published then.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setJson("data.json", [1, 2, 3]);
   * const topHash = await pkg.push("alice/data", "./registry", {
   *   message: "First",
   *   signal: AbortSignal.timeout(60_000),
   *   onProgress: ({ phase, filesDone, filesTotal }) => console.log(phase, filesDone, filesTotal),
   * });
   * console.log(topHash);
   * ```
   */
  async push(name: string, registry?: string, options: PushOptions = {}): Promise<string> {
    checkOptions(options, ["copy", "select", "dest", "force", "dedupe", "parent", "onReport", ...REVISION]);
    const { onReport, ...rest } = options;
    return this.#publish(openLocation(registry), { ...rest, name }, onReport);
  }

  async #publish(
    opening: Promise<OpenRegistry>,
    request: Omit<PublishRequest, "registry">,
    onReport?: PushOptions["onReport"],
  ): Promise<string> {
    const report = await this.#run(async (before) => publish(before, { ...request, registry: await opening }));
    onReport?.(report);
    return report.topHash;
  }

  /** Does a long operation on the package as it is; what is changed meanwhile is not part of it, and stays changed. */
  async #run<Report>(
    operation: (before: PackageState) => Promise<{ readonly state: PackageState; readonly report: Report }>,
  ): Promise<Report> {
    const [before, since] = [this.#state, this.#touches.now];
    const { state: done, report } = await operation(before);
    const now = this.#state;
    const isTouched = (key: string): boolean => this.#touches.isTouched(key, since);
    this.#state = now === before ? done : joinMeanwhile({ before, done, now, isTouched });
    return report;
  }

  /**
   * Opens a revision without its files. `name` may be a reference such as `alice/iris@latest~1`.
   *
   * Reads the manifest and computes its top hash: a manifest that was changed is refused.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_AMBIGUOUS` for a short hash that means several revisions,
   * `ERR_T4_INTEGRITY` for a manifest that is not what its name says.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry", { message: "First" });
   * const pkg = await Package.browse("alice/a", { registry: "./registry" });
   * console.log(pkg.message, pkg.count, await pkg.entry("a.txt").text());
   * ```
   */
  static async browse(name: string, options: BrowseOptions = {}): Promise<Package> {
    checkOptions(options, BROWSE);
    return Package.#of((await openRevision(name, options)).state);
  }

  /**
   * Opens a revision and writes its files below `dest`, each verified before it bears its name. The directory remembers
   * the revision; files that you changed are kept, named, and never overwritten unless you say so.
   *
   * All keys are checked before the first byte is written. Under a crash or cancel every file is its old or its new self, and
   * installing again goes on. Costs one read and write of each file that is not there yet; where the disk can, blocks are
   * shared instead.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` for wrong bytes, `ERR_T4_UNSAFE` for keys that would leave the directory,
   * `ERR_T4_PARTIAL` when files were kept and there is no `onReport`, `ERR_T4_CONFLICT` when the directory has another package and
   * `overwrite` is not given, or has unsettled conflicts with it; `ERR_T4_NOT_FOUND`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry");
   * const pkg = await Package.install("alice/a", {
   *   registry: "./registry",
   *   dest: "./data",
   *   onReport: ({ written, kept }) => console.log(`${written} written`, kept),
   * });
   * console.log(pkg.topHash());
   * ```
   */
  static async install(name: string, options: InstallOptions = {}): Promise<Package> {
    checkOptions(options, [...BROWSE, "dest", "path", "overwrite", "dryRun", "onReport", ...LONG]);
    // What few commands do is loaded when it runs.
    const { installRevision } = await import("./directory/install-revision.js");
    return Package.#of(await installRevision(name, options));
  }

  /**
   * Opens a directory that `install` filled or {@link Package.remember} marked, as it is now: its base revision with the
   * files that were added, changed or removed since. `undefined` when the directory remembers nothing.
   *
   * Reads the files that changed since they were last hashed; needs no registry.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` when what the directory remembers is damaged.
   *
   * @example
   * ```ts
   * import { writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry");
   * await Package.install("alice/a", { registry: "./registry", dest: "./data" });
   * writeFileSync("data/b.txt", "b");
   * const directory = await Package.openDirectory("./data");
   * if (directory !== undefined) {
   *   const { name, registry, base, current } = directory;
   *   console.log(base.diff(current).added); // ["b.txt"]
   *   await current.push(name, registry, { message: "Added b" });
   *   await current.remember("./data");
   * }
   * ```
   */
  static async openDirectory(
    directory: string,
    options: OpenDirectoryOptions = {},
  ): Promise<DirectoryPackage | undefined> {
    checkOptions(options, [...LONG, "onSkipped"]);
    const open = await openDirectory(pathOf(directory), options);
    if (open === undefined) return undefined;
    const { before, now, conflicts } = open;
    const { name, registry, topHash } = open.base;
    return { name, registry, topHash, base: Package.#of(before), current: Package.#of(now), conflicts };
  }

  /**
   * Opens the revision that a directory was filled with or published as, without looking at its files. `undefined` when the
   * directory remembers nothing. Needs no registry.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` when what the directory remembers is damaged.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry");
   * await Package.install("alice/a", { registry: "./registry", dest: "./data" });
   * const base = await Package.baseOf("./data");
   * console.log((await base?.verify("./data"))?.ok); // true
   * ```
   */
  static async baseOf(directory: string): Promise<Package | undefined> {
    const base = await openBase(pathOf(directory));
    return base && Package.#of(base);
  }

  /**
   * Settles conflicts of a directory, so that it can be pushed; resolves to the logical keys that were settled.
   *
   * `take: "theirs"` puts the revision's files, verified, in the place of those here, or removes them where it has none;
   * `"mine"` says that the files are right as they are here, perhaps edited to have both changes. Under a crash or cancel a
   * file is still in conflict, or already theirs.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` for a key at which there is no conflict, `ERR_T4_USAGE` when the directory
   * remembers no revision; nothing is changed then.
   *
   * @example
   * ```ts
   * import { writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "1")).push("alice/a", "./registry");
   * await Package.install("alice/a", { registry: "./registry", dest: "./data" });
   * const theirs = await Package.browse("alice/a", { registry: "./registry" });
   * await (await theirs.setText("a.txt", "2")).push("alice/a", "./registry");
   * writeFileSync("data/a.txt", "3");
   * await Package.install("alice/a", { registry: "./registry", dest: "./data", onReport: () => undefined });
   * console.log((await Package.openDirectory("./data"))?.conflicts); // ["a.txt"]
   * await Package.resolve("./data", { keys: ["a.txt"], take: "mine" });
   * const directory = await Package.openDirectory("./data");
   * await directory?.current.push("alice/a", "./registry", { message: "3 it is" });
   * ```
   */
  static async resolve(directory: string, options: ResolveOptions): Promise<readonly string[]> {
    checkOptions(options, ["keys", "take", "dryRun", ...LONG]);
    const { resolveConflicts } = await import("./directory/resolve-conflicts.js");
    return resolveConflicts(pathOf(directory), options);
  }

  /**
   * Makes a directory remember the revision that this package stands on, for `openDirectory` and later pushes. What it
   * remembers is replaced in one step.
   *
   * @throws {@link T4Error} `ERR_T4_USAGE` when it stands on none.
   *
   * @example
   * ```ts
   * import { mkdirSync, writeFileSync } from "node:fs";
   * import { Package } from "t4";
   * mkdirSync("data");
   * writeFileSync("data/a.txt", "a");
   * const pkg = await new Package().setDir("", "data");
   * await pkg.push("alice/a", "./registry");
   * await pkg.remember("data");
   * ```
   */
  async remember(directory: string): Promise<void> {
    await remember(this.#state, pathOf(directory));
  }

  /**
   * Computes the hashes that are not known yet, on all cores, without storing anything. What is set meanwhile stays pending.
   *
   * @throws {@link T4Error} `ERR_T4_SOURCE_CHANGED` when a file changed since it was set.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * await pkg.hashPending();
   * console.log(pkg.entry("a.txt").hash?.type);
   * ```
   */
  async hashPending(options: LongOperationOptions = {}): Promise<void> {
    checkOptions(options, LONG);
    await this.#run(async (before) => ({ state: await hashPending(before, options), report: undefined }));
  }

  /**
   * Writes all files, verified, below a directory, replacing what is there; resolves to what was done. The directory does not
   * remember the revision: `install` is for that. If it fails or is cancelled, every file is its old or its new self.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY`, `ERR_T4_UNSAFE`.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * await pkg.build("alice/a", { registry: "./registry", snapshot: true });
   * console.log((await pkg.fetch("out")).written); // 1
   * ```
   */
  async fetch(dest = ".", options: LongOperationOptions = {}): Promise<InstallReport> {
    checkOptions(options, LONG);
    const { installFiles } = await import("./directory/install-files.js");
    return (await installFiles({ ...this.#state, dest: pathOf(dest), path: "", overwrite: true, ...options })).report;
  }

  /**
   * Compares a directory with this package, reading every byte of files whose size is right. Metadata does not count; a
   * difference is no error, the report says it.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is no such directory.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * await pkg.push("alice/a", "./registry");
   * await pkg.fetch("out");
   * const { ok, missing, modified, extra } = await pkg.verify("out", { extraFilesOk: true });
   * console.assert(ok, missing, modified, extra);
   * ```
   */
  async verify(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    checkOptions(options, ["extraFilesOk", ...LONG]);
    const { verifyDirectory } = await import("./directory/verify-directory.js");
    return verifyDirectory(this.#state.tree, pathOf(directory), options);
  }

  /**
   * The lines of the manifest, each with its line end: first the header, then directories that have metadata and files.
   *
   * @example
   * ```ts
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * console.log([...pkg.manifest()].length); // 2
   * ```
   */
  *manifest(): Generator<string, void, undefined> {
    yield* manifestLines(contentOf(this.#state));
  }

  /**
   * Hands the manifest to `write`, piece by piece; resolves to the top hash. Costs little memory for a manifest of any size.
   *
   * @example
   * ```ts
   * import { appendFileSync } from "node:fs";
   * import { Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry");
   * const pkg = await Package.browse("alice/a", { registry: "./registry" });
   * const topHash = await pkg.dump((chunk) => appendFileSync("manifest.jsonl", chunk));
   * console.assert(topHash === pkg.topHash());
   * ```
   */
  async dump(write: (chunk: Uint8Array) => void): Promise<string> {
    return (await encodeManifest(contentOf(this.#state), write)).topHash;
  }

  /**
   * Reads a manifest: a path or bytes. It stands on no revision, and may lead to local files only below `allowLocal`. Of a
   * file above 8 MiB, entries are read when they are looked at: `ERR_T4_INTEGRITY` then if it was changed in its place.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when it is no manifest, `ERR_T4_NOT_FOUND` when there is no such file.
   *
   * @example
   * ```ts
   * import { appendFileSync } from "node:fs";
   * import { Package } from "t4";
   * const pkg = await new Package().setText("a.txt", "a");
   * await pkg.push("alice/a", "./registry");
   * await pkg.dump((chunk) => appendFileSync("manifest.jsonl", chunk));
   * const again = await Package.load("manifest.jsonl", { allowLocal: ["./registry"] });
   * console.log(await again.entry("a.txt").text());
   * ```
   */
  static async load(source: string | Uint8Array, options: Pick<BrowseOptions, "allowLocal"> = {}): Promise<Package> {
    checkOptions(options, ["allowLocal"]);
    return Package.#of(await loadManifest(source, options.allowLocal));
  }

  /** `state` may reach further than the package did: it is the package's only when all is right. */
  #set(
    logicalKey: string,
    { source, state = this.#state }: { readonly source: Source; readonly state?: PackageState },
    options: SetOptions,
  ): this {
    checkOptions(options, ["meta"]);
    const key = parseLogicalKey(logicalKey);
    this.#state = withEntry(state, { ...source, logicalKey: key }, options.meta);
    this.#touches.note(key);
    return this;
  }

  #entryOf(entry: Entry): PackageEntry {
    const { logicalKey } = entry;
    const since = this.#touches.now;
    const change: EntryOwner["change"] = (edit) => {
      const current = requireEntry(this.#state.tree, logicalKey);
      if (this.#touches.isTouched(logicalKey, since)) throw anotherFileAt(logicalKey);
      const changed = edit(current);
      this.#state = withTree(this.#state, (tree) => tree.set(changed));
      return changed;
    };
    return PackageEntry.of(entry, { access: () => this.#state.access, change });
  }
}
