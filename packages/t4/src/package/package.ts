import { createReadStream, lstatSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import { readConfig } from "../config/config-file.js";
import { locations } from "../config/locations.js";
import { type Entry, NO_META } from "../format/entry.js";
import { messageOf, newHeader, userMetaOf, withUserMeta } from "../format/header.js";
import { type JsonInput, type JsonOutput, toJson, toPlain } from "../format/json-convert.js";
import type { Json } from "../format/json-value.js";
import { parseDirectoryKey, parseLogicalKey } from "../format/logical-key.js";
import { fileUrl, parsePhysicalKey } from "../format/physical-key.js";
import { parseReference } from "../format/reference.js";
import { fixUrl } from "../format/user-url.js";
import { sameEntry } from "../manifest/diff-entries.js";
import { encodeManifest } from "../manifest/encode-manifest.js";
import { EMPTY_RUN } from "../manifest/entry-run.js";
import { openManifest } from "../manifest/manifest.js";
import { memoryReader } from "../manifest/memory-reader.js";
import { PackageTree } from "../manifest/package-tree.js";
import { createRunBuilder } from "../manifest/run-builder.js";
import { stampOf, type WalkOptions } from "../transfer/walk-directory.js";
import { checkOptions } from "./check-options.js";
import { diffPackages, type PackageDiff } from "./diff-packages.js";
import { readMemory, writeMemory } from "./directory-memory.js";
import { accessTo, joinAccess } from "./file-access.js";
import { type InstallReport, installFiles } from "./install-files.js";
import { PackageEntry } from "./package-entry.js";
import type { PackageState } from "./package-state.js";
import { publish } from "./publish.js";
import { type OpenRegistry, openLocation } from "./registry-location.js";
import { resolveEntries } from "./resolve-entries.js";
import { scanDirectory } from "./set-directory.js";
import { type VerifyOptions, type VerifyReport, verifyDirectory } from "./verify-directory.js";

/** Options of {@link Package.set} and its siblings. */
export interface SetOptions {
  /** The entry's metadata. Default: that of the entry that is replaced. */
  readonly meta?: JsonInput;
}

/** Options of {@link Package.setDir}. */
export interface SetDirOptions extends Pick<WalkOptions, "ignore" | "followSymlinks" | "signal"> {
  /** Metadata of the directory. Default: what is there stays. */
  readonly meta?: JsonInput;
  /** Whose entry stays where both have one. Default `"incoming"`. */
  readonly updatePolicy?: "incoming" | "existing";
  /** Also removes entries that the directory does not have. Default `false`. */
  readonly mirror?: boolean;
}

/** Options of {@link Package.build}. */
export interface BuildOptions extends LongOperationOptions {
  /** Path or URL of the registry. Default: your local one. */
  readonly registry?: string;
  /** What this revision is. Default `null`. */
  readonly message?: string | null;
  /** Copies the files into the registry, so that later edits cannot spoil the revision. Default `false`. */
  readonly snapshot?: boolean;
}

/** Options of {@link Package.push}. */
export interface PushOptions extends LongOperationOptions {
  /** What this revision is. Default `null`. */
  readonly message?: string | null;
  /** Which entries' bytes are copied into the registry; the others stay where they are. Default all. */
  readonly select?: (logicalKey: string) => boolean;
  /** Publishes on top of whatever is latest, also when it has moved. Default `false`. */
  readonly force?: boolean;
  /** Publishes nothing when the latest revision is the same. Default `false`. */
  readonly dedupe?: boolean;
  /** The revision to stand on, as a top hash. Default: the package's base, or what is latest when the push starts. */
  readonly parent?: string;
}

/** Options of {@link Package.browse}. */
export interface BrowseOptions {
  /** Path or URL of the registry. Default: the configured one, or your local one. */
  readonly registry?: string;
  /** A top hash, or at least 6 of its first digits, a tag, `latest` or `latest~n`. Default `latest`. */
  readonly topHash?: string;
  /** Directories outside the registry that the package may point into. Default none. */
  readonly allowLocal?: readonly string[];
}

/** Options of {@link Package.install}. */
export interface InstallOptions extends BrowseOptions, LongOperationOptions {
  /** Directory that gets the files. Default: the configured install location, or T4's own, and the package's name. */
  readonly dest?: string;
  /** Installs one directory (with keys relative to it) or one file of the package. Default all. */
  readonly path?: string;
  /** Replaces files that were changed or were there before. Default `false`: they are kept and named. */
  readonly overwrite?: boolean;
  /** Told what was done. Without it, files that were kept make the install end with `ERR_T4_PARTIAL`. */
  readonly onReport?: (report: InstallReport) => void;
}

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
  #state: PackageState;

  constructor() {
    this.#state = {
      tree: new PackageTree(),
      header: newHeader(),
      directories: new Map(),
      access: accessTo(),
      bases: [],
      topHash: undefined,
      origin: undefined,
      cache: undefined,
    };
  }

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
    const meta = userMetaOf(this.#state.header);
    return meta === undefined ? {} : toPlain(meta);
  }

  /** Replaces the metadata of the package, or of the directory `directory`. Equal parts keep how their numbers were written. */
  setMeta(meta: JsonInput, directory = ""): this {
    const key = parseDirectoryKey(directory);
    const { header, directories } = this.#state;
    if (key === "") this.#change({ header: withUserMeta(header, toJson(meta, userMetaOf(header))) });
    else this.#change({ directories: new Map(directories).set(key, toJson(meta, directories.get(key))) });
    return this;
  }

  /** Metadata of a directory; `{}` when there is none. */
  metaOf(directory: string): JsonOutput {
    const key = parseDirectoryKey(directory);
    const meta = this.#state.directories.get(key);
    if (key === "") return this.meta;
    return meta === undefined ? {} : toPlain(meta);
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
    checkOptions(options, ["meta"]);
    const key = parseLogicalKey(logicalKey);
    const entry = source instanceof PackageEntry ? adopted(source.toEntry()) : localEntry(String(source));
    return this.#setEntry({ ...entry, logicalKey: key }, options);
  }

  /** Sets a file's content as bytes; they are copied. */
  async setBytes(logicalKey: string, bytes: Uint8Array, options: SetOptions = {}): Promise<this> {
    checkOptions(options, ["meta"]);
    const content = bytes.slice();
    const entry = {
      logicalKey: parseLogicalKey(logicalKey),
      physicalKeys: [],
      size: content.length,
      hash: null,
      meta: NO_META,
      content,
    };
    return this.#setEntry(entry, options);
  }

  /** Sets a file's content as text, in UTF-8. */
  async setText(logicalKey: string, text: string, options: SetOptions = {}): Promise<this> {
    return this.setBytes(logicalKey, new TextEncoder().encode(text), options);
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
    const { meta, updatePolicy = "incoming", mirror = false, ...walkOptions } = options;
    const directory = parseDirectoryKey(logicalKey);
    const { run, cache } = scanDirectory(pathOf(String(source)), directory, walkOptions);
    const tree = this.#state.tree.clone();
    tree.setRun(directory, run, { updatePolicy, mirror });
    this.#change({ tree, cache });
    if (meta !== undefined) this.setMeta(meta, directory);
    return this;
  }

  /** Removes a file or a directory. @throws {@link T4Error} `ERR_T4_NOT_FOUND`. */
  delete(key: string): this {
    const tree = this.#state.tree.clone();
    if (!tree.delete(parseDirectoryKey(key))) throw this.#nothingAt(key);
    this.#change({ tree });
    return this;
  }

  /** Whether there is a file or directory. */
  has(key: string): boolean {
    const { tree } = this.#state;
    return tree.get(key) !== undefined || tree.isDirectory(parseDirectoryKey(key));
  }

  /** A file's entry, or a directory as a package of its own. @throws {@link T4Error} `ERR_T4_NOT_FOUND`. */
  get(key: string): PackageEntry | Package {
    const entry = this.#state.tree.get(key);
    if (entry !== undefined) return this.#entryOf(entry);
    const directory = parseDirectoryKey(key);
    if (!this.#state.tree.isDirectory(directory)) throw this.#nothingAt(key);
    return this.#directory(directory);
  }

  /** A file's entry. @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is none. */
  entry(logicalKey: string): PackageEntry {
    const entry = this.#state.tree.get(logicalKey);
    if (entry === undefined) throw this.#nothingAt(logicalKey);
    return this.#entryOf(entry);
  }

  /** Names at the top of the package or of a directory, in order; those of directories end in a slash. */
  *keys(directory = ""): Generator<string, void, undefined> {
    const { tree } = this.#state;
    for (const { name, entry } of tree.children(parseDirectoryKey(directory)))
      yield entry === undefined ? `${name}/` : name;
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
    const tree = this.#state.tree.clone();
    for (const [logicalKey, entry] of this.walk()) if (!fn(logicalKey, entry)) tree.delete(logicalKey);
    return Package.#of({ ...this.#state, tree, topHash: undefined });
  }

  /** What changed from this package to `other`. Entries that are not built count by their known size only. */
  diff(other: Package): PackageDiff {
    return diffPackages(this.#state, other.#state);
  }

  /** Makes a revision in a registry that points to the files where they are, and resolves to its top hash. */
  async build(name: string, options: BuildOptions = {}): Promise<string> {
    checkOptions(options, ["registry", "message", "snapshot", ...LONG]);
    const { registry = "local", message = null, snapshot = false, ...long } = options;
    const isCopied = (entry: Entry): boolean => snapshot || entry.content !== undefined;
    const open = await openLocation(registry);
    const published = await publish(this.#state, {
      name,
      registry: open,
      message,
      isCopied,
      force: true,
      dedupe: false,
      ...long,
    });
    this.#state = published.state;
    return published.topHash;
  }

  /**
   * Publishes the package: copies its files into the registry, under names that no later push touches, then commits the
   * revision by compare-and-swap. Resolves to the top hash once everything is on the disk.
   *
   * @throws {@link T4Error} `ERR_T4_CONFLICT` when `latest` moved since the revision that this package stands on,
   * `ERR_T4_SOURCE_CHANGED` when a file changed since it was set. Nothing is published then.
   */
  async push(name: string, registry?: string, options: PushOptions = {}): Promise<string> {
    checkOptions(options, ["message", "select", "force", "dedupe", "parent", ...LONG]);
    const { message = null, select, force = false, dedupe = false, ...rest } = options;
    const isCopied = (entry: Entry): boolean => select?.(entry.logicalKey) ?? true;
    const open = await openLocation(registry);
    const published = await publish(this.#state, { name, registry: open, message, isCopied, force, dedupe, ...rest });
    this.#state = published.state;
    return published.topHash;
  }

  /** Opens a revision without its files. `name` may be a reference such as `alice/iris@latest~1`. */
  static async browse(name: string, options: BrowseOptions = {}): Promise<Package> {
    checkOptions(options, ["registry", "topHash", "allowLocal"]);
    return Package.#browse(name, options);
  }

  static async #browse(name: string, options: BrowseOptions): Promise<Package> {
    const reference = parseReference(name);
    const registry = await openLocation(options.registry ?? reference.registry);
    const topHash = await registry.resolve(reference.name, options.topHash ?? reference.revision);
    const manifest = await registry.readManifest(topHash);
    const tree = new PackageTree(manifest.run);
    return Package.#of({
      tree,
      header: manifest.header,
      directories: manifest.directories,
      access: accessOf(registry, options.allowLocal ?? []),
      bases: [{ name: reference.name, registry: registry.url, topHash }],
      topHash,
      origin: tree.clone(),
      cache: undefined,
    });
  }

  /**
   * Opens a revision and writes its files below `dest`, each verified before it bears its name. The directory remembers
   * the revision; files that you changed are kept, named, and never overwritten unless you say so.
   *
   * @throws {@link T4Error} `ERR_T4_INTEGRITY` for wrong bytes, `ERR_T4_UNSAFE` for keys that would leave the directory,
   * `ERR_T4_PARTIAL` when files were kept and there is no `onReport`.
   */
  static async install(name: string, options: InstallOptions = {}): Promise<Package> {
    checkOptions(options, ["registry", "topHash", "allowLocal", "dest", "path", "overwrite", "onReport", ...LONG]);
    const { dest, path, overwrite = false, onReport, signal, onProgress, ...browse } = options;
    const reference = parseReference(name);
    const pkg = await Package.#browse(name, browse);
    const directory = dest === undefined ? await defaultDestination(reference.name) : pathOf(dest);
    const memory = readMemory(directory);
    const before = memory?.name === reference.name ? { before: new PackageTree(memory.manifest.run) } : {};
    const inside = parseDirectoryKey(path ?? reference.path ?? "");
    const { tree, access } = pkg.#state;
    const long = { signal, onProgress };
    const report = await installFiles({ tree, access, dest: directory, path: inside, overwrite, ...before, ...long });
    if (inside === "") await pkg.#remember(directory);
    memory?.manifest.close();
    tellReport(report, onReport);
    return pkg;
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
    const path = pathOf(directory);
    const memory = readMemory(path);
    if (memory === undefined) return undefined;
    const { name, registry, topHash, manifest } = memory;
    const tree = new PackageTree(manifest.run);
    const { header, directories } = manifest;
    const bases = [{ name, registry, topHash }];
    const access = accessOf(await openLocation(registry), []);
    const state = { tree, header, directories, access, bases, topHash, origin: tree.clone(), cache: undefined };
    const current = await Package.#of(state).setDir("", path, { mirror: true, ...options });
    await current.hashPending(options);
    return { name, registry, topHash, base: Package.#of(state), current };
  }

  /** Makes a directory remember the revision that this package stands on, for `openDirectory` and later pushes. */
  async remember(directory: string): Promise<void> {
    await this.#remember(pathOf(directory));
  }

  /** Computes the hashes that are not known yet, without storing anything. */
  async hashPending(longOptions: LongOperationOptions = {}): Promise<void> {
    checkOptions(longOptions, LONG);
    const state = this.#state;
    const cache = { cache: state.cache };
    const options = { ...cache, ...longOptions };
    const builder = createRunBuilder();
    const stamps = state.tree.entries();
    for await (const entry of resolveEntries(state, options)) {
      const { value } = stamps.next();
      const { stamp, logicalKey } = value as Entry;
      const former = state.origin?.get(logicalKey);
      // What did not change keeps its place in the registry, and need not be copied again.
      if (former !== undefined && sameEntry(former, entry)) builder.add(former);
      else builder.add(stamp === undefined ? entry : { ...entry, stamp });
    }
    state.cache?.save();
    this.#state = { ...state, tree: new PackageTree(builder.finish()) };
  }

  async #remember(directory: string): Promise<void> {
    const base = this.#state.bases.at(-1);
    if (base === undefined)
      throw new T4Error("ERR_T4_USAGE", "The package stands on no revision yet.", {
        hint: "Push or install it first.",
      });
    const registry = await openLocation(base.registry);
    const { header, directories, run, close } = await registry.readManifest(base.topHash);
    await writeMemory(directory, base, { header, directories, entries: run.entries() });
    close();
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
  async *manifest(): AsyncGenerator<string, void, undefined> {
    const chunks: Uint8Array[] = [];
    const { header, directories, tree } = this.#state;
    await encodeManifest({ header, directories, entries: tree.entries() }, (chunk) => chunks.push(chunk));
    yield* Buffer.concat(chunks)
      .toString()
      .split(/(?<=\n)/)
      .filter((line) => line !== "");
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
    const bytes = typeof source === "string" ? await readWhole(pathOf(source)) : source;
    const manifest = openManifest(memoryReader(bytes));
    const tree = new PackageTree(manifest.run);
    const { header, directories, topHash } = manifest;
    const access = accessTo(...(options.allowLocal ?? []).map(pathOf));
    return Package.#of({
      tree,
      header,
      directories,
      access,
      bases: [],
      topHash,
      origin: tree.clone(),
      cache: undefined,
    });
  }

  #directory(directory: string): Package {
    const tree = new PackageTree(EMPTY_RUN);
    const inner = (key: string): string => key.slice(directory.length + 1);
    for (const entry of this.#state.tree.entries(directory))
      tree.set({ ...entry, logicalKey: inner(entry.logicalKey) });
    const directories = new Map<string, Json>();
    for (const [key, meta] of this.#state.directories)
      if (key.startsWith(`${directory}/`)) directories.set(inner(key), meta);
    const header = withUserMeta(newHeader(), this.#state.directories.get(directory));
    return Package.#of({ ...this.#state, tree, header, directories, bases: [], topHash: undefined, origin: undefined });
  }

  #entryOf(entry: Entry): PackageEntry {
    const replace = (changed: Entry): void => {
      const tree = this.#state.tree.clone();
      tree.set(changed);
      this.#change({ tree });
    };
    return new PackageEntry(entry, { access: this.#state.access, replace });
  }

  #setEntry(entry: Entry, { meta }: SetOptions): this {
    const former = this.#state.tree.get(entry.logicalKey);
    const own = meta === undefined ? undefined : new Map<string, Json>([["user_meta", toJson(meta)]]);
    const tree = this.#state.tree.clone();
    tree.set({ ...entry, meta: own ?? (entry.meta === NO_META ? (former?.meta ?? NO_META) : entry.meta) });
    this.#change({ tree });
    return this;
  }

  #change(changes: Partial<PackageState>): void {
    this.#state = { ...this.#state, ...changes, topHash: undefined };
  }

  #nothingAt(key: string): T4Error {
    return new T4Error("ERR_T4_NOT_FOUND", `The package has nothing at ${JSON.stringify(key)}.`, {
      facts: { logicalKey: key },
    });
  }
}

function accessOf(registry: OpenRegistry, allowLocal: readonly string[]): PackageState["access"] {
  return joinAccess(registry.isLocal ? { roots: "any" } : accessTo(registry.root), accessTo(...allowLocal.map(pathOf)));
}

function pathOf(location: string): string {
  const key = parsePhysicalKey(fixUrl(location, { cwd: process.cwd(), home: locations().home }));
  if (key.kind === "file") return resolve(key.path);
  throw new T4Error(
    "ERR_T4_UNSUPPORTED",
    `Cannot use ${location}: only local files and directories are supported so far.`,
  );
}

function localEntry(source: string): Omit<Entry, "logicalKey"> {
  const path = pathOf(source);
  try {
    const real = lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
    const stat = statSync(real, { bigint: true });
    if (stat.isFile())
      return {
        physicalKeys: [fileUrl(real)],
        size: Number(stat.size),
        hash: null,
        meta: NO_META,
        stamp: stampOf(stat),
      };
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
    throw new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, { facts: { path }, cause });
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `${path} is not a regular file.`, {
    hint: "Use setDir for a directory.",
    facts: { path },
  });
}

/** An entry of another package: its file is now this user's choice, so it is taken as it is. */
function adopted(entry: Entry): Entry {
  const [url = ""] = entry.physicalKeys;
  if (entry.stamp !== undefined || entry.content !== undefined || !url.startsWith("file:")) return entry;
  const { meta } = entry;
  return { ...localEntry(url), logicalKey: entry.logicalKey, hash: entry.hash, size: entry.size, meta };
}

async function defaultDestination(name: string): Promise<string> {
  const { defaultInstallLocation } = await readConfig();
  const base =
    defaultInstallLocation == null ? join(locations().base, ".quilt", "data") : pathOf(defaultInstallLocation);
  return isAbsolute(base) ? join(base, name) : resolve(base, name);
}

function tellReport(report: InstallReport, onReport: InstallOptions["onReport"]): void {
  if (onReport !== undefined) onReport(report);
  else if (report.kept.length > 0) {
    throw new T4Error(
      "ERR_T4_PARTIAL",
      `Kept ${report.kept.length} files that differ from the package: ${report.kept.slice(0, 10).join(", ")}.`,
      {
        hint: "Move them away, or install with overwrite.",
        facts: { kept: report.kept },
      },
    );
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
