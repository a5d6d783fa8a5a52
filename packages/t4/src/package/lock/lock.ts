import type { LongOperationOptions } from "../../base/progress.js";
import type { ChangeOptions } from "../../registry/operations.js";
import type { Package } from "../package.js";
import type { BrowseOptions, InstallOptions } from "../package-options.js";
import type { PinReport } from "./verify-pin.js";

/** A package that a project pins to one revision. */
export interface Pin {
  /** The package's name. */
  readonly name: string;
  /** The registry, as `openRegistry` takes it. */
  readonly registry: string;
  /** The revision. */
  readonly topHash: string;
  /** SHA-256 of its manifest, hexadecimal: it also covers metadata of directories and the places of files. */
  readonly manifestDigest: string;
  /** The directory that gets its files, absolute; `undefined`: it is only imported and browsed. */
  readonly dest: string | undefined;
}

/** Options of `Lock.add`. */
export interface AddOptions extends ChangeOptions {
  /** Path or URL of the registry. Default: the pin's own, else the configured one, or your local one. */
  readonly registry?: string;
  /** The directory that `Lock.install` fills, below the one that has the file. Default: the pin's own, else none. */
  readonly dest?: string;
}

/** A pin, and what its registry has by now. */
export interface OutdatedPin {
  /** The package's name. */
  readonly name: string;
  /** The revision that is pinned. */
  readonly topHash: string;
  /** The latest revision; `null`: the registry has no such package any more. */
  readonly latest: string | null;
}

/**
 * The packages that a project uses, each pinned to one revision in `t4.lock`: the same bytes on every machine.
 *
 * Every method reads the file anew; changes replace it whole, so that a crash leaves the old or the new one.
 *
 * @example
 * ```ts
 * import { openLock, Package } from "t4";
 * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry", { message: "First" });
 * const lock = await openLock();
 * await lock.add("alice/a", { registry: "./registry" });
 * const pkg = await lock.browse("alice/a");
 * console.log(lock.path, pkg.topHash());
 * ```
 */
export interface Lock {
  /** The file, absolute; `add` makes it. */
  readonly path: string;
  /**
   * All pins, by name ascending; none where there is no file yet.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when the file cannot be read.
   *
   * @example
   * ```ts
   * import { openLock } from "t4";
   * for (const { name, topHash, dest } of await (await openLock()).pins()) console.log(name, topHash, dest);
   * ```
   */
  pins(): Promise<readonly Pin[]>;
  /**
   * Pins a revision, in place of the one that was pinned. `reference` is a name, for the latest, or such as `alice/a:v1`.
   * Costs one read of its manifest.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is no such revision, `ERR_T4_UNSAFE` for a `dest` outside of the
   * directory that has the file.
   *
   * @example
   * ```ts
   * import { openLock, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const { topHash } = await (await openLock()).add("alice/a@latest", { registry: "./registry", dest: "./data" });
   * console.log(topHash);
   * ```
   */
  add(reference: string, options?: AddOptions): Promise<Pin>;
  /**
   * The pins whose registry has another latest revision. Costs one small read for each pin.
   *
   * @example
   * ```ts
   * import { openLock, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const lock = await openLock();
   * await lock.add("alice/a", { registry: "./registry" });
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry", { message: "Second" });
   * for (const { name, topHash, latest } of await lock.outdated()) console.log(name, topHash, latest);
   * ```
   */
  outdated(): Promise<readonly OutdatedPin[]>;
  /**
   * Pins the latest revisions of some packages, or of all, and resolves to those that moved; the file is written once, at the
   * end.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` for one that is not pinned, or that its registry has no more. Nothing is written
   * then.
   *
   * @example
   * ```ts
   * import { openLock } from "t4";
   * const moved = await (await openLock()).update(undefined, { dryRun: true });
   * console.log(moved.length);
   * ```
   */
  update(names?: readonly string[], options?: ChangeOptions): Promise<readonly OutdatedPin[]>;
  /**
   * Opens a pinned revision without its files, as `Package.browse` does, and checks its manifest's bytes.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when the package is not pinned, `ERR_T4_INTEGRITY` when its manifest is not the
   * one that was pinned.
   *
   * @example
   * ```ts
   * import { openLock, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const lock = await openLock();
   * await lock.add("alice/a", { registry: "./registry" });
   * console.log((await lock.browse("alice/a")).message); // First
   * ```
   */
  browse(name: string, options?: Pick<BrowseOptions, "allowLocal" | "trustBuckets">): Promise<Package>;
  /**
   * Installs a pinned revision in its directory, or in `dest`, as `Package.install` does, and checks its manifest's bytes.
   *
   * @throws {@link T4Error} as `browse` and `Package.install`; `ERR_T4_UNSAFE` for a pinned directory that leads out of the one that has the
   * file, links followed: only `dest` does.
   *
   * @example
   * ```ts
   * import { openLock, Package } from "t4";
   * await (await new Package().setText("a.txt", "a")).push("alice/a", "./registry", { message: "First" });
   * const lock = await openLock();
   * await lock.add("alice/a", { registry: "./registry", dest: "./data" });
   * for (const { name } of await lock.pins()) await lock.install(name);
   * ```
   */
  install(name: string, options?: Omit<InstallOptions, "registry" | "topHash" | "manifestDigest">): Promise<Package>;
  /**
   * Checks a pin: whether its registry still has the manifest that was pinned, byte for byte, and whether its directory holds
   * that revision. Costs two reads of the manifest, and one of the directory's files.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when the package is not pinned.
   *
   * @example
   * ```ts
   * import { openLock, Package } from "t4";
   * await new Package().push("alice/a", "./registry", { message: "First" });
   * const lock = await openLock();
   * await lock.add("alice/a", { registry: "./registry" });
   * for (const { name } of await lock.pins()) console.log(name, (await lock.verify(name)).ok);
   * ```
   */
  verify(name: string, options?: LongOperationOptions): Promise<PinReport>;
}
