import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import { messageOf, userMetaOf } from "../format/header.js";
import { type JsonInput, type JsonOutput, metaOutput } from "../format/json-convert.js";
import { parseDirectoryKey, parseLogicalKey } from "../format/logical-key.js";
import { encodeManifest, manifestLines } from "../manifest/encode-manifest.js";
import { checkOptions } from "./check-options.js";
import { diffPackages, type PackageDiff } from "./diff-packages.js";
import { subPackage, withEntry, withMeta, withTree } from "./edit.js";
import { hashPending } from "./hash-pending.js";
import { install } from "./install.js";
import { type InstallReport, installFiles } from "./install-files.js";
import { adoptedSource, localSource, memorySource, pathOf, type Source } from "./local-source.js";
import { mergePackages } from "./merge-packages.js";
import { openDirectory, remember } from "./open-directory.js";
import { loadManifest, openRevision } from "./open-revision.js";
import { PackageEntry } from "./package-entry.js";
import type {
  BrowseOptions,
  BuildOptions,
  InstallOptions,
  PushOptions,
  SetDirOptions,
  SetOptions,
} from "./package-options.js";
import { emptyState, type PackageState } from "./package-state.js";
import { type PublishRequest, publish } from "./publish.js";
import { type OpenRegistry, openLocation } from "./registry-location.js";
import { setDirectory } from "./set-directory.js";
import { type VerifyOptions, type VerifyReport, verifyDirectory } from "./verify-directory.js";

/** A directory with the revision that it stands on. */
export interface DirectoryPackage {
  readonly name: string;
  /** URL of the registry. */
  readonly registry: string;
  /** The revision it stands on. */
  readonly topHash: string;
  /** That revision. */
  readonly base: Package;
  /** The directory as it is now. */
  readonly current: Package;
}

const LONG = ["signal", "onProgress"] as const;
const REVISION = ["message", "workflow", "dryRun", ...LONG] as const;

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

  static #of(state: PackageState): Package {
    const pkg = new Package();
    pkg.#state = state;
    return pkg;
  }

  /** What the revision was said to be; `null` when nothing was. */
  get message(): string | null {
    return messageOf(this.#state.header);
  }

  /** Metadata of the package; `{}` when there is none. A copy: change it with {@link Package.setMeta}. */
  get meta(): JsonOutput {
    return metaOutput(userMetaOf(this.#state.header));
  }

  /** Metadata of a directory; `{}` when there is none. */
  metaOf(directory: string): JsonOutput {
    const key = parseDirectoryKey(directory);
    return key === "" ? this.meta : metaOutput(this.#state.directories.get(key));
  }

  /** Replaces the metadata of the package, or of the directory `directory`. Equal parts keep how their numbers were written. */
  setMeta(meta: JsonInput, directory = ""): this {
    this.#state = withMeta(this.#state, parseDirectoryKey(directory), meta);
    return this;
  }

  /** Number of files. */
  get count(): number {
    return this.#state.tree.count;
  }

  /** The top hash of the revision that this package is; throws `ERR_T4_USAGE` after a change until it is built or pushed. */
  topHash(): string {
    if (this.#state.topHash !== undefined) return this.#state.topHash;
    throw new T4Error("ERR_T4_USAGE", "The package was never built, or changed since.", {
      hint: "build and push resolve to the top hash.",
    });
  }

  /**
   * Sets a file: a path, a `file:` URL, or an entry of another package. Without a source, the key is the path.
   *
   * The file is taken as it is now: if it changes before the package is built or pushed, that fails and names it.
   *
   * @throws {@link T4Error} `ERR_T4_INVALID_KEY`, `ERR_T4_NOT_FOUND`.
   */
  async set(
    logicalKey: string,
    source: string | URL | PackageEntry = logicalKey,
    options: SetOptions = {},
  ): Promise<this> {
    const isEntry = source instanceof PackageEntry;
    return this.#set(logicalKey, isEntry ? adoptedSource(source.toEntry()) : localSource(String(source)), options);
  }

  /** Sets a file's content as bytes; they are copied. */
  async setBytes(logicalKey: string, bytes: Uint8Array, options: SetOptions = {}): Promise<this> {
    return this.#set(logicalKey, memorySource(bytes), options);
  }

  /** Sets a file's content as text, in UTF-8. */
  async setText(logicalKey: string, text: string, options: SetOptions = {}): Promise<this> {
    return this.#set(logicalKey, memorySource(new TextEncoder().encode(text)), options);
  }

  /** Sets a file's content as JSON. */
  async setJson(logicalKey: string, value: unknown, options: SetOptions = {}): Promise<this> {
    return this.setText(logicalKey, JSON.stringify(value), options);
  }

  /**
   * Sets all files of a local directory; `""`, `"."` or `"/"` is the package's root. Without a source, the key is the path.
   *
   * `.quiltignore` files are honoured. Costs one `lstat` per file; files that did not change since they were last hashed
   * are known.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, `ERR_T4_ACCESS`, `ERR_T4_UNSAFE` for a link that leaves the directory.
   */
  async setDir(logicalKey: string, source: string | URL = logicalKey, options: SetDirOptions = {}): Promise<this> {
    checkOptions(options, ["ignore", "followSymlinks", "signal", "meta", "updatePolicy", "mirror"]);
    const directory = parseDirectoryKey(logicalKey);
    this.#state = setDirectory(this.#state, { ...options, directory, source: pathOf(String(source)) });
    return this;
  }

  /** Removes a file or a directory. @throws {@link T4Error} `ERR_T4_NOT_FOUND`. */
  delete(key: string): this {
    this.#state = withTree(this.#state, (tree) => {
      if (!tree.delete(parseDirectoryKey(key))) throw nothingAt(key);
    });
    return this;
  }

  /** Whether there is a file or directory. */
  has(key: string): boolean {
    const { tree } = this.#state;
    return tree.get(key) !== undefined || tree.isDirectory(parseDirectoryKey(key));
  }

  /** A file's entry, or a directory as a package of its own. @throws {@link T4Error} `ERR_T4_NOT_FOUND`. */
  get(key: string): PackageEntry | Package {
    const { tree } = this.#state;
    const entry = tree.get(key);
    if (entry !== undefined) return this.#entryOf(entry);
    const directory = parseDirectoryKey(key);
    if (!tree.isDirectory(directory)) throw nothingAt(key);
    return Package.#of(subPackage(this.#state, directory));
  }

  /** A file's entry. @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is none. */
  entry(logicalKey: string): PackageEntry {
    const entry = this.#state.tree.get(logicalKey);
    if (entry === undefined) throw nothingAt(logicalKey);
    return this.#entryOf(entry);
  }

  /** Names at the top of the package or of a directory, in order; those of directories end in a slash. */
  *keys(directory = ""): Generator<string, void, undefined> {
    const children = this.#state.tree.children(parseDirectoryKey(directory));
    for (const { name, entry } of children) yield entry === undefined ? `${name}/` : name;
  }

  /** All files, in the order of the manifest. */
  *walk(): Generator<[logicalKey: string, entry: PackageEntry], void, undefined> {
    for (const entry of this.#state.tree.entries()) yield [entry.logicalKey, this.#entryOf(entry)];
  }

  /** What `fn` makes of every file, in order. */
  map<Result>(fn: (logicalKey: string, entry: PackageEntry) => Result): Result[] {
    return Array.from(this.walk(), ([logicalKey, entry]) => fn(logicalKey, entry));
  }

  /** A package of the files that `fn` accepts; metadata stays. */
  filter(fn: (logicalKey: string, entry: PackageEntry) => boolean): Package {
    const filtered = withTree(this.#state, (tree) => {
      for (const [logicalKey, entry] of this.walk()) if (!fn(logicalKey, entry)) tree.delete(logicalKey);
    });
    return Package.#of(filtered);
  }

  /** What changed from this package to `other`. Entries that are not built count by their known size only. */
  diff(other: Package): PackageDiff {
    return diffPackages(this.#state, other.#state);
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
   */
  async build(name: string, options: BuildOptions = {}): Promise<string> {
    checkOptions(options, ["registry", "snapshot", ...REVISION]);
    const { registry = "local", snapshot = false, ...rest } = options;
    const copy = snapshot ? "missing" : "none";
    return this.#publish(openLocation(registry), { ...rest, name, copy, force: true });
  }

  /**
   * Publishes the package: copies its files into the registry, under names that no later push touches, then commits the
   * revision by compare-and-swap. Resolves to the top hash once everything is on the disk.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved since the revision that this package stands on,
   * `ERR_T4_SOURCE_CHANGED` when a file changed since it was set, `ERR_T4_WORKFLOW` when a rule of the registry's workflow
   * is broken, which is checked before the first byte is copied. Nothing is published then.
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
    const before = this.#state;
    const { state, report } = await publish(before, { ...request, registry: await opening });
    // What was set meanwhile is not part of the revision, and stays set.
    this.#state = this.#state === before ? state : { ...this.#state, bases: state.bases, origin: state.origin };
    onReport?.(report);
    return report.topHash;
  }

  /** Opens a revision without its files. `name` may be a reference such as `alice/iris@latest~1`. */
  static async browse(name: string, options: BrowseOptions = {}): Promise<Package> {
    checkOptions(options, ["registry", "topHash", "allowLocal"]);
    return Package.#of((await openRevision(name, options)).state);
  }

  /**
   * Opens a revision and writes its files below `dest`, each verified before it bears its name. The directory remembers
   * the revision; files that you changed are kept, named, and never overwritten unless you say so.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` for wrong bytes, `ERR_T4_UNSAFE` for keys that would leave the directory,
   * `ERR_T4_PARTIAL` when files were kept and there is no `onReport`.
   */
  static async install(name: string, options: InstallOptions = {}): Promise<Package> {
    const known = ["registry", "topHash", "allowLocal", "dest", "path", "overwrite", "dryRun", "onReport", ...LONG];
    checkOptions(options, known);
    return Package.#of(await install(name, options));
  }

  /**
   * Opens a directory that `install` filled or {@link Package.remember} marked, as it is now: its base revision with the
   * files that were added, changed or removed since. `undefined` when the directory remembers nothing.
   */
  static async openDirectory(
    directory: string,
    options: Pick<SetDirOptions, "signal"> = {},
  ): Promise<DirectoryPackage | undefined> {
    checkOptions(options, ["signal"]);
    const open = await openDirectory(pathOf(directory), options.signal);
    return open && { ...open.base, base: Package.#of(open.before), current: Package.#of(open.now) };
  }

  /** Makes a directory remember the revision that this package stands on, for `openDirectory` and later pushes. */
  async remember(directory: string): Promise<void> {
    await remember(this.#state, pathOf(directory));
  }

  /** Computes the hashes that are not known yet, without storing anything. */
  async hashPending(options: LongOperationOptions = {}): Promise<void> {
    checkOptions(options, LONG);
    this.#state = await hashPending(this.#state, options);
  }

  /** Writes all files, verified, below a directory, replacing what is there; resolves to what was done. */
  async fetch(dest = ".", options: LongOperationOptions = {}): Promise<InstallReport> {
    checkOptions(options, LONG);
    const { tree, access } = this.#state;
    return installFiles({ tree, access, dest: pathOf(dest), path: "", overwrite: true, ...options });
  }

  /** Compares a directory with this package, reading every byte. */
  async verify(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    checkOptions(options, ["extraFilesOk", ...LONG]);
    return verifyDirectory(this.#state.tree, pathOf(directory), options);
  }

  /** The lines of the manifest, each with its line end. */
  *manifest(): Generator<string, void, undefined> {
    const { header, directories, tree } = this.#state;
    yield* manifestLines({ header, directories, entries: tree.entries() });
  }

  /** Hands the manifest to `write`, piece by piece; resolves to the top hash. */
  async dump(write: (chunk: Uint8Array) => void): Promise<string> {
    const { header, directories, tree } = this.#state;
    return (await encodeManifest({ header, directories, entries: tree.entries() }, write)).topHash;
  }

  /** Reads a manifest: a path or bytes. It may lead to local files only below `allowLocal`. */
  static async load(
    source: string | Uint8Array,
    options: { readonly allowLocal?: readonly string[] } = {},
  ): Promise<Package> {
    checkOptions(options, ["allowLocal"]);
    return Package.#of(await loadManifest(source, options.allowLocal));
  }

  #set(logicalKey: string, source: Source, options: SetOptions): this {
    checkOptions(options, ["meta"]);
    this.#state = withEntry(this.#state, { ...source, logicalKey: parseLogicalKey(logicalKey) }, options.meta);
    return this;
  }

  #entryOf(entry: Entry): PackageEntry {
    const replace = (changed: Entry): void => {
      this.#state = withTree(this.#state, (tree) => tree.set(changed));
    };
    return new PackageEntry(entry, { access: this.#state.access, replace });
  }
}

function nothingAt(key: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `The package has nothing at ${JSON.stringify(key)}.`, {
    facts: { logicalKey: key },
  });
}
