import type { LongOperationOptions } from "../base/progress.js";
import type { JsonInput } from "../format/json-convert.js";
import type { SkippedPath } from "../transfer/walk-directory.js";

/** Options of `Package.set` and its siblings. */
export interface SetOptions {
  /** The entry's metadata. Default: that of the entry that is replaced. */
  readonly meta?: JsonInput;
}

/** Options of `Package.setDir`. */
export interface SetDirOptions {
  /** Honours `.quiltignore` files, at the root and below, with the rules of `.gitignore`. Default `true`. */
  readonly ignore?: boolean;
  /** Also takes what links outside the directory point to. Default `false`: such a link is an error. */
  readonly followSymlinks?: boolean;
  /** Aborts; the package stays as it was. */
  readonly signal?: AbortSignal;
  /** Metadata of the directory. Default: what is there stays. */
  readonly meta?: JsonInput;
  /** Whose entry stays where both the directory and the package have one. Default `"incoming"`, the directory's. */
  readonly updatePolicy?: "incoming" | "existing";
  /** Also removes entries that the directory does not have. Default `false`. */
  readonly mirror?: boolean;
  /**
   * Told of what the directory has and the package gets not, each with why: links to directories, empty directories, special
   * files, and guarded names such as `.git`. What a rule leaves out is not told, nor `.t4` and `.quilt` at its root.
   */
  readonly onSkipped?: (skipped: SkippedPath) => void;
}

/** Options of `Package.openDirectory`. */
export interface OpenDirectoryOptions extends LongOperationOptions, Pick<SetDirOptions, "onSkipped"> {}

/** What building and pushing have in common. */
export interface RevisionOptions extends LongOperationOptions {
  /** What this revision is. Default `null`. */
  readonly message?: string | null;
  /**
   * The registry's workflow that the revision must satisfy; `null`: expressly none. Default: the registry's default
   * workflow, where it has workflows.
   */
  readonly workflow?: string | null;
  /** Writes nothing and resolves to the top hash that the revision would have. Default `false`. */
  readonly dryRun?: boolean;
}

/** Options of `Package.build`. */
export interface BuildOptions extends RevisionOptions {
  /** Path or URL of the registry. Default: your local one. */
  readonly registry?: string;
  /** Copies the files into the registry, so that later edits cannot spoil the revision. Default `false`. */
  readonly snapshot?: boolean;
}

/** Which entries' bytes a push copies into the registry; those in memory always are. */
export type CopyPolicy = "missing" | "all" | "local" | "none";

/** Options of `Package.push`. */
export interface PushOptions extends RevisionOptions {
  /**
   * Which entries' bytes are copied: `"missing"`, those that do not lie in the registry yet; `"all"`, also those that lie
   * elsewhere in it than where T4 would put them, where other programs could change them; `"local"`, those that are local
   * files outside the registry; `"none"`: the revision points to the files where they are. Default `"missing"`.
   */
  readonly copy?: CopyPolicy;
  /** Leaves the entries for which it says `false` where they are. Default: `copy` decides alone. */
  readonly select?: (logicalKey: string) => boolean;
  /**
   * A directory inside the registry that gets the files under their own names, or a function that names each file's place
   * there. A file that is there already is never overwritten. Default: T4's objects, named by their content; in a bucket with
   * versions, the package's name, as in Quilt.
   */
  readonly dest?: string | ((logicalKey: string) => string);
  /** Publishes on top of whatever is latest, also when it has moved. Default `false`. */
  readonly force?: boolean;
  /**
   * Publishes nothing when the revision would have the top hash of the latest one: files, metadata, message and workflow are
   * the same. Default `false`.
   */
  readonly dedupe?: boolean;
  /** The revision to stand on, as a top hash. Default: the package's base, or what is latest when the push starts. */
  readonly parent?: string;
  /** Told what became of the push. */
  readonly onReport?: (report: PushReport) => void;
}

/** What a push did. */
export interface PushReport {
  /** The revision's top hash. */
  readonly topHash: string;
  /** Whether a revision was added to the history; not when the latest already was the same, nor in a dry run. */
  readonly isPublished: boolean;
  /**
   * The revision that was the latest until then, whose files this one replaces; absent for a package's first revision, and
   * where nothing was published. A package without a base, and `force`, replace whatever is there.
   */
  readonly parent?: string;
  /**
   * The revision that a client without compare-and-swap (Quilt 3, T4 of 2019) made the latest while this one was published.
   * Both are in the history.
   */
  readonly overtakenBy?: string;
  /**
   * Revisions that others published, or may still be publishing, at the same time, in a bucket whose server cannot keep pushes apart
   * and whose settings say `collisions: reported`: one of them may be the latest without standing on the others. All are in the history.
   */
  readonly collidedWith?: readonly string[];
}

/** Options of `Package.browse`. */
export interface BrowseOptions {
  /** Path or URL of the registry. Default: the configured one, or your local one. */
  readonly registry?: string;
  /** A top hash, or at least 6 of its first digits, a tag, `latest` or `latest~n`. Default `latest`. */
  readonly topHash?: string;
  /**
   * The SHA-256 that the manifest's bytes must have, hexadecimal: it also covers what the top hash does not, metadata of
   * directories and the places of files. Default: any manifest of the top hash.
   */
  readonly manifestDigest?: string;
  /** Directories outside the registry that the package may point into. Default none. */
  readonly allowLocal?: readonly string[];
  /**
   * Buckets beside the registry's own that the package may lead to with your credentials. Default none: objects in other
   * buckets are read as everybody may.
   */
  readonly trustBuckets?: readonly string[];
}

/** Options of `copyPackage`. */
export interface CopyOptions
  extends LongOperationOptions,
    Pick<BrowseOptions, "registry" | "allowLocal" | "trustBuckets"> {
  /**
   * Copies all revisions, the first one first, each with the time that it has, and then makes that the latest which is it there. What
   * was copied before is not copied again. Default `false`: the one revision that the reference names, as published now.
   */
  readonly history?: boolean;
  /** Publishes on top of whatever is latest, also of the same revision. Not with `history`. Default `false`. */
  readonly force?: boolean;
  /** Writes nothing and resolves to what would be. Default `false`. */
  readonly dryRun?: boolean;
}

/** What a copy did. */
export interface CopyReport extends PushReport {
  /** Top hashes of the revisions that were published, or would be, the first one first. */
  readonly copied: readonly string[];
}

/** Options of `Package.resolve`. */
export interface ResolveOptions extends LongOperationOptions {
  /** Logical keys of files in conflict, or of directories with such files; `""` for all. */
  readonly keys: readonly string[];
  /** Whose file is right: the revision's, or the one that is here. */
  readonly take: "mine" | "theirs";
  /** Writes nothing, only resolves to the keys that would be settled. Default `false`. */
  readonly dryRun?: boolean;
}

/** What an install did; keys are paths below the directory. */
export interface InstallReport {
  /** Directory that got the files, absolute. */
  readonly directory: string;
  /** Files written. */
  readonly written: number;
  /** Files that were there and right. */
  readonly already: number;
  /** Keys of files that were left alone, changed, added or deleted as they are here. */
  readonly kept: readonly string[];
  /** Those among `kept` that the revision changed in another way: a push is refused until they are settled. */
  readonly conflicts: readonly string[];
  /** Keys of files that the package no longer has and that were removed. */
  readonly removed: readonly string[];
}

/** Options of `Package.install`. */
export interface InstallOptions extends BrowseOptions, LongOperationOptions {
  /** Directory that gets the files. Default: the configured install location, or T4's own, and the package's name. */
  readonly dest?: string;
  /**
   * Installs one directory (with keys relative to it) or one file of the package. In a directory that has the package already,
   * the part goes where that has it; the directory goes on standing on its revision. Default all.
   */
  readonly path?: string;
  /**
   * Replaces files that were changed or were there before, and removes those that the revision no longer has; of a directory
   * that has another package, all files of that. Default `false`: they are kept and named, and another package's directory is
   * refused.
   */
  readonly overwrite?: boolean;
  /** Writes nothing; `onReport` is told what would be done. Default `false`. */
  readonly dryRun?: boolean;
  /** Told what was done. Without it, files that were kept make the install end with `ERR_T4_PARTIAL`. */
  readonly onReport?: (report: InstallReport) => void;
}
