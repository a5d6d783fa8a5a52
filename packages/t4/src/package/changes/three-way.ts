import { type Entry, sameContent } from "../../format/entry.js";
import { compareLogicalKeys, isAt } from "../../format/logical-key.js";
import { pairEntries } from "../../manifest/merge-runs.js";
import type { PackageTree } from "../../manifest/package-tree.js";
import type { Expected } from "../../transfer/file-job.js";
import type { Ancestor } from "../package-state.js";
import { expectationOf } from "../places/entry-expectation.js";

/** What a directory was filled with before. */
export interface Before {
  /** The entries of the revision that it stands on. */
  readonly tree: PackageTree;
  /** What its files in conflict, and those deleted in it, were before. */
  readonly ancestors: ReadonlyMap<string, Ancestor>;
  /** Whether that revision is the one that is installed now: then a missing file is written again. */
  readonly isSame: boolean;
}

/** One file of a directory that goes from one revision to another. */
export interface ThreeWay {
  readonly logicalKey: string;
  /** The entry in the revision that is installed; `undefined`: it has none. */
  readonly theirs: Entry | undefined;
  /** What the directory's own file was made from; `undefined`: there was none. */
  readonly ancestor: Ancestor;
  /** Claims of which a file fulfils one when it was not changed here. */
  readonly unchanged: readonly Expected[];
  /** Whether a file was there: where none is now, it was deleted here. */
  readonly wasThere: boolean;
}

/** Goes through a revision's files at or below `path` and those that were there before, in tree order. */
export function* threeWays(
  theirs: Iterable<Entry>,
  before: Before | undefined,
  path: string,
): Generator<ThreeWay, void, undefined> {
  const both = pairEntries(formerAt(before, path), ancestorsAt(before, path));
  for (const { logicalKey, left, right: known } of pairEntries(theirs, both)) {
    const former = known?.left;
    const ancestor = known?.right === undefined ? former : known.right.ancestor;
    // The revision's own file is one that the user took by hand.
    const unchanged = [former, ...(ancestor === former ? [] : [ancestor])].flatMap(claimOf);
    yield { logicalKey, theirs: left, ancestor, unchanged, wasThere: ancestor !== undefined && former !== undefined };
  }
}

function claimOf(entry: Ancestor): Expected | [] {
  return entry === undefined ? [] : (expectationOf(entry) ?? []);
}

function formerAt(before: Before | undefined, path: string): Iterable<Entry> {
  const file = path === "" ? undefined : before?.tree.get(path);
  return file === undefined ? (before?.tree.entries(path) ?? []) : [file];
}

function ancestorsAt(
  before: Before | undefined,
  path: string,
): { readonly logicalKey: string; readonly ancestor: Ancestor }[] {
  const all = Array.from(before?.ancestors ?? [], ([logicalKey, ancestor]) => ({ logicalKey, ancestor }));
  const wanted = all.filter(({ logicalKey }) => isAt(logicalKey, path));
  return wanted.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey));
}

/** Whether two entries have the same bytes, as far as their hashes show it; two absent ones do. */
export function sameBytes(a: Ancestor, b: Ancestor): boolean {
  return a === undefined || b === undefined ? a === b : sameContent(a, b);
}
