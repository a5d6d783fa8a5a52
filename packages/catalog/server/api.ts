/** The JSON that the server answers with; docs/guide/catalog.md describes it for other programs. */

/** An answer that is no success. */
export interface ApiError {
  /** A stable word, mostly a code of T4. */
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** A command that helps with that. */
  readonly command?: string;
}

/** A registry that the catalog knows. */
export interface RegistryRow {
  /** Its name in addresses. */
  readonly id: string;
  /** Its directory's name; a bucket's with the folder in it. */
  readonly label: string;
  /** What one would write on the command line. */
  readonly location: string;
  readonly url: string;
  /** `local`: this user's own; `sample`: made by the catalog to try things; `bucket`: on S3; `folder`: any other. */
  readonly kind: "local" | "sample" | "folder" | "bucket";
  /** When it was last opened in a catalog, milliseconds since 1970; 0: never. */
  readonly openedAt: number;
  /** Number of packages; `null` where it cannot be listed, and of a bucket, which is not asked for that. */
  readonly packages: number | null;
}

/** All packages of a registry, ascending. */
export interface PackageList {
  readonly names: readonly string[];
}

/** What the list of packages shows of one. */
export interface PackageSummary {
  readonly name: string;
  readonly topHash: string;
  /** When latest was published, ISO 8601; `null` when it is in no history. */
  readonly time: string | null;
  readonly message: string | null;
  readonly revisions: number;
  /** Files and bytes of the latest revision. */
  readonly count: number;
  readonly bytes: number;
}

/** A summary, or why there is none. */
export type SummaryResult = PackageSummary | { readonly name: string; readonly error: ApiError };

/** One publication of a package. */
export interface RevisionRow {
  readonly topHash: string;
  readonly time: string;
  readonly isLatest: boolean;
  readonly message: string | null;
  readonly tags: readonly string[];
}

/** A part of a package's history, newest first. */
export interface RevisionPage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly RevisionRow[];
}

/** What a revision that a user named is. */
export interface Resolved {
  readonly topHash: string;
  /** What latest stands on. */
  readonly latest: string;
  /** When it was published last, ISO 8601; `null` when it is in no history. */
  readonly time: string | null;
  readonly tags: readonly string[];
  /** How many publications latest is ahead of it; `null` where that cannot be said. */
  readonly behind: number | null;
  /** The publications before and after it. */
  readonly older: string | null;
  readonly newer: string | null;
  /** Publications in all. */
  readonly revisions: number;
  /** Address below which this revision's bytes are, and nothing else. */
  readonly raw: string;
}

/** Files of one kind. */
export interface ExtensionTotal {
  /** With its dot; `""`: files without one. */
  readonly extension: string;
  readonly count: number;
  readonly bytes: number;
}

/** One revision without its files; never changes. */
export interface RevisionFacts {
  readonly name: string;
  readonly topHash: string;
  readonly message: string | null;
  /** The user's metadata; integers beyond 2^53 are strings. */
  readonly meta: unknown;
  /** What it says of the registry's workflow that it was published under, mostly `{ id, config, schemas }`; `null`: nothing. */
  readonly workflow: unknown;
  readonly count: number;
}

/** Sums over the files of a revision; never change. */
export interface RevisionTotals {
  readonly bytes: number;
  /** By bytes, largest first, at most 50. */
  readonly extensions: readonly ExtensionTotal[];
}

/** A file or directory in a listing. */
export interface TreeNode {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Of a directory: of all below it, or `null` where that is not known yet. */
  readonly bytes: number | null;
  /** Files: 1 for a file; `null` where that is not known yet. */
  readonly count: number | null;
}

/** A part of a directory's listing; never changes once it is counted. */
export interface DirectoryPage {
  readonly path: string;
  /** Children in all; of a directory that is not counted, those that are known. */
  readonly total: number;
  readonly offset: number;
  readonly children: readonly TreeNode[];
  /** `false`: the revision is large and was just opened; `counted=1` in the address waits for what is not known yet. */
  readonly isCounted: boolean;
  /** The user's metadata of the directory. */
  readonly meta: unknown;
  /** Name of the readme in this directory. */
  readonly readme: string | null;
  /** Name of the file that says which files of this directory to show first. */
  readonly summary: string | null;
}

/** One file; never changes. */
export interface EntryFacts {
  readonly path: string;
  readonly size: number | null;
  readonly hash: { readonly type: string; readonly value: string } | null;
  readonly physicalKey: string | null;
  readonly meta: unknown;
}

/** A revision in which a file became another one. */
export interface FileState {
  /** `metadata`: the same bytes with other metadata; `unreadable`: the revision is damaged, `error` says how. */
  readonly kind: "added" | "modified" | "metadata" | "removed" | "unreadable";
  readonly topHash: string;
  readonly time: string;
  readonly message: string | null;
  /** Bytes; `null` where it is gone or not recorded. */
  readonly size: number | null;
  readonly error: string | null;
}

/** A file in a part of its package's history, newest first. */
export interface FileHistory {
  /** Publications of the package in all, where the part begins, and how many of them it is. */
  readonly total: number;
  readonly offset: number;
  readonly read: number;
  /** The revisions of the part in which the file is not what it was in the one before. */
  readonly states: readonly FileState[];
}

/** Answer of the finder. */
export interface FoundFiles {
  readonly paths: readonly string[];
  /** Files that were looked at. */
  readonly searched: number;
  /** Files that fit, more than `paths` perhaps. */
  readonly matches: number;
}

/** What happened to a file, or to a directory of which nothing was there before or is left. */
export interface Change {
  /** `metadata`: the same bytes with other metadata; `moved`: the same bytes at another path. */
  readonly kind: ChangeKind;
  /** Where it is now, or was; a directory's ends in a slash. */
  readonly path: string;
  /** Where moved bytes were. */
  readonly from: string | null;
  /** Files: 1 for a file. */
  readonly count: number;
  /** Bytes before and after; `null` where there was or is none. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Kinds of changes. */
export type ChangeKind = "added" | "removed" | "modified" | "metadata" | "moved";

/** A part of what differs between two revisions; never changes. */
export interface ComparisonPage {
  /** Files by what happened to them. */
  readonly counts: Readonly<Record<ChangeKind | "same", number>>;
  /** Bytes of each whole revision. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Directories with other metadata, at most 100; `""` is the package itself. */
  readonly directories: readonly string[];
  /** Changes that were asked for, in all. */
  readonly total: number;
  readonly offset: number;
  readonly changes: readonly Change[];
}

/** How far a revision's bytes were read and compared with their hashes. */
export interface Verification {
  readonly files: number;
  readonly bytes: number;
  /** What there is in all. */
  readonly ofFiles: number;
  readonly ofBytes: number;
  /** Files that are not what the manifest says, at most 100, and how many they are. */
  readonly damaged: readonly { readonly path: string; readonly message: string }[];
  readonly damagedCount: number;
  /** Files without a hash. */
  readonly unverifiable: number;
  readonly isDone: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where something leads that a user wrote or pasted. */
export interface Located {
  /** Address of its page. */
  readonly href: string;
  /** What it is, for people. */
  readonly label: string;
}

/** A package that fits a search, and the first thing that made it fit. */
export interface PackageHit {
  readonly name: string;
  readonly where: "name" | "message" | "metadata";
  /** The message, or a value of metadata with its path: `station.city: Oslo`; shortened. */
  readonly text: string;
}

/** A line of a search's answer: a hit, or how far it is. */
export type SearchLine = PackageHit | { readonly searched: number; readonly total: number };
