/** The JSON that the server answers with; docs/guide/catalog.md describes it for other programs. */

/** An answer that is no success. */
export interface ApiError {
  /** A stable word, mostly a code of T4. */
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
}

/** A registry that the catalog knows. */
export interface RegistryRow {
  /** Its name in addresses. */
  readonly id: string;
  /** Its directory's name. */
  readonly label: string;
  /** What one would write on the command line. */
  readonly location: string;
  readonly url: string;
  /** `local`: this user's own; `sample`: made by the catalog to try things; `folder`: any other. */
  readonly kind: "local" | "sample" | "folder";
  /** When it was last opened in a catalog, milliseconds since 1970; 0: never. */
  readonly openedAt: number;
  /** Number of packages; `null` where it cannot be listed. */
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

/** What a revision that a user named is. */
export interface Resolved {
  readonly topHash: string;
  /** What latest stands on. */
  readonly latest: string;
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
  readonly count: number;
  readonly bytes: number;
  /** By bytes, largest first, at most 50. */
  readonly extensions: readonly ExtensionTotal[];
}

/** A file or directory in a listing. */
export interface TreeNode {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Of a directory: of all below it. */
  readonly bytes: number;
  /** Files: 1 for a file. */
  readonly count: number;
}

/** A part of a directory's listing; never changes. */
export interface DirectoryPage {
  readonly path: string;
  /** Children in all. */
  readonly total: number;
  readonly offset: number;
  readonly children: readonly TreeNode[];
  /** The user's metadata of the directory. */
  readonly meta: unknown;
  /** Name of the readme in this directory. */
  readonly readme: string | null;
}

/** One file; never changes. */
export interface EntryFacts {
  readonly path: string;
  readonly size: number | null;
  readonly hash: { readonly type: string; readonly value: string } | null;
  readonly physicalKey: string | null;
  readonly meta: unknown;
}

/** Answer of the finder. */
export interface FoundFiles {
  readonly paths: readonly string[];
  /** Files that were looked at. */
  readonly searched: number;
  /** Files that fit, more than `paths` perhaps. */
  readonly matches: number;
}
