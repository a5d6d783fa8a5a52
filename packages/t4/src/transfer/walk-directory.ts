import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import nodePath, { join, sep } from "node:path";
import type ignore from "ignore";
import type { Ignore } from "ignore";
import { compareCodePoints } from "../base/code-points.js";
import { ABSENT, hasSystemCode, systemCode, T4Error } from "../base/errors.js";
import { isGuarded } from "../base/guarded-name.js";
import { wayBelow } from "../base/way-below.js";
import { type Stamp, stampOf } from "./stamp.js";

/** One file found by {@link walkDirectory}. */
export interface WalkedFile {
  /** Path relative to the root, with `/` between its parts. */
  readonly key: string;
  /** Absolute path of the file itself; for a link its target. */
  readonly path: string;
  readonly isLink: boolean;
  readonly stamp: Stamp;
}

/** What a directory has and a package cannot hold, or no install would write. */
export interface SkippedPath {
  /** Path relative to the directory. */
  readonly path: string;
  /** Why it was left out. */
  readonly kind: "link to a directory" | "broken link" | "empty directory" | "special file" | "guarded name";
}

/** Options of {@link walkDirectory}. */
export interface WalkOptions {
  /** Honours `.quiltignore` files, at the root and below, with the rules of `.gitignore`. Default `true`. */
  readonly ignore?: boolean;
  /** Files that are taken although a rule leaves them out, as git looks at tracked files. Default none. */
  readonly tracked?: Tracked;
  /** Also takes what links outside the root point to. Default `false`: such a link is an error. */
  readonly followSymlinks?: boolean;
  readonly signal?: AbortSignal;
  /** Told of everything that no package can hold; what a rule leaves out is not told. */
  readonly onSkipped?: (skipped: SkippedPath) => void;
}

/** Paths relative to the root that somebody keeps an eye on. */
export interface Tracked {
  isFile(key: string): boolean;
  /** Whether there are any below a directory. */
  isDirectory(key: string): boolean;
}

/** The rules of an ignore file. Its parser is loaded only where there is one: it takes longer than a small command. */
function parseRules(text: string): Ignore {
  const createRules = createRequire(import.meta.url)("ignore") as typeof ignore;
  // As in git: `*.txt` must not leave out `A.TXT`.
  return createRules({ ignorecase: false }).add(text);
}

const IGNORE_FILE = ".quiltignore";
/** What clients keep in a directory beside the data. */
const OURS = new Set([".t4", ".quilt"]);

interface Rules {
  /** Directory of the ignore file, relative to the root, with a slash at its end unless it is the root. */
  readonly base: string;
  readonly rules: Ignore;
}

interface Visit {
  readonly directory: string;
  /** Relative to the root, with a slash at its end unless it is the root. */
  readonly prefix: string;
  readonly rules: readonly Rules[];
  /** Whether a rule leaves the directory out: then only tracked files below it are taken. */
  readonly isIgnored: boolean;
}

/**
 * Finds all regular files below a directory, in the order of packages (level by level, names by code point).
 *
 * Links to files inside the root count as files; links to directories, sockets, pipes and devices are passed over, as
 * are `.git` and other names that other programs act upon, which no install would write. Costs one `readdir` per directory and one `lstat` per file, all synchronous.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when the directory is absent, `ERR_T4_UNSAFE` naming both ends of a link
 * that leaves it, `ERR_T4_ACCESS` for what cannot be read, `ERR_T4_INVALID_KEY` for a name that is not UTF-8.
 */
export function* walkDirectory(root: string, options: WalkOptions = {}): Generator<WalkedFile, void, undefined> {
  const realRoot = readable(root, () => realpathSync(root));
  if (!statSync(realRoot).isDirectory()) {
    throw new T4Error("ERR_T4_NOT_FOUND", `${root} is a file, not a directory.`, {
      hint: "Give a directory, or set a single file.",
    });
  }
  yield* walk({ directory: realRoot, prefix: "", rules: [], isIgnored: false }, { ...options, realRoot });
}

interface WalkContext extends WalkOptions {
  readonly realRoot: string;
}

function* walk(visit: Visit, context: WalkContext): Generator<WalkedFile, void, undefined> {
  context.signal?.throwIfAborted();
  const { directory, prefix } = visit;
  const { items, rules } = look(visit, context);
  for (const item of items) {
    if (prefix === "" && OURS.has(item.name)) continue;
    const key = prefix + item.name;
    const isRuledOut = visit.isIgnored || isIgnored(rules, item.isDirectory() ? `${key}/` : key);
    const isLeftOut = isRuledOut || isGuarded(item.name);
    if (isLeftOut && !isTracked(key, item, context)) {
      if (!isRuledOut) skip(key, "guarded name", context);
      continue;
    }
    const path = inDirectory(directory, item.name);
    requireUtf8(path);
    if (item.isDirectory()) yield* walk({ directory: path, prefix: `${key}/`, rules, isIgnored: isLeftOut }, context);
    else yield* fileAt({ key, path }, item, context);
  }
}

function* fileAt(
  place: { readonly key: string; readonly path: string },
  item: Dirent,
  context: WalkContext,
): Generator<WalkedFile, void, undefined> {
  const { key, path } = place;
  if (item.isFile()) yield { key, path, isLink: false, stamp: stampOf(readable(path, () => lstatSync(path))) };
  else if (item.isSymbolicLink()) yield* followLink(place, context);
  else skip(key, "special file", context);
}

/** What is in a directory, in order, and the rules that hold there. */
function look(
  visit: Visit,
  context: WalkContext,
): { readonly items: readonly Dirent[]; readonly rules: readonly Rules[] } {
  const items = readable(visit.directory, () => readdirSync(visit.directory, { withFileTypes: true }));
  if (items.length === 0 && visit.prefix !== "") skip(visit.prefix.slice(0, -1), "empty directory", context);
  const hasRules = context.ignore !== false && items.some(({ name }) => name === IGNORE_FILE);
  items.sort((a, b) => compareCodePoints(a.name, b.name));
  return { items, rules: hasRules ? withRulesOf(visit) : visit.rules };
}

function skip(path: string, kind: SkippedPath["kind"], { onSkipped }: WalkContext): void {
  onSkipped?.({ path, kind });
}

function isTracked(key: string, item: Dirent, { tracked }: WalkContext): boolean {
  return (item.isDirectory() ? tracked?.isDirectory(key) : tracked?.isFile(key)) === true;
}

/** Like `join`, without looking for `..` in what `readdir` gave. */
function inDirectory(directory: string, name: string): string {
  return directory.endsWith(sep) ? directory + name : directory + sep + name;
}

function* followLink(
  link: { readonly key: string; readonly path: string },
  context: WalkContext,
): Generator<WalkedFile, void, undefined> {
  const target = targetOf(link.path);
  const stat = target === undefined ? undefined : readable(target, () => statSync(target));
  if (target === undefined || stat === undefined) {
    skip(link.key, "broken link", context);
    return;
  }
  const isInside = wayBelow(target, context.realRoot, nodePath) !== undefined;
  if (!isInside && context.followSymlinks !== true) {
    throw new T4Error("ERR_T4_UNSAFE", `The link ${link.path} leads out of the directory, to ${target}.`, {
      hint: "Put the file itself in its place, or leave the link out with a line in .quiltignore.",
      facts: { link: link.path, target },
    });
  }
  if (stat.isFile()) yield { key: link.key, path: target, isLink: true, stamp: stampOf(stat) };
  else skip(link.key, stat.isDirectory() ? "link to a directory" : "special file", context);
}

/** `undefined` for a link that leads nowhere. */
function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasSystemCode(error, [...ABSENT, "ELOOP"])) return undefined;
    throw error;
  }
}

function withRulesOf(visit: Visit): readonly Rules[] {
  const path = join(visit.directory, IGNORE_FILE);
  if (!lstatSync(path).isFile()) return visit.rules;
  const text = readable(path, () => readFileSync(path, "utf8"));
  return [...visit.rules, { base: visit.prefix, rules: parseRules(text) }];
}

/** The innermost file that says anything about a path decides, as with git. */
function isIgnored(rules: readonly Rules[], key: string): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const verdict = own.test(key.slice(base.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function readable<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT") {
      throw new T4Error("ERR_T4_NOT_FOUND", `There is no ${path}.`, {
        hint: "Check the path; if it was removed just now, repeat.",
        facts: { path },
        cause,
      });
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new T4Error("ERR_T4_ACCESS", `No permission to read ${path}.`, {
        hint: "Change its permissions or ignore it.",
        facts: { path },
        cause,
      });
    }
    throw cause;
  }
}

/** U+FFFD may stand in a name as itself; in place of bytes that are no UTF-8 the file cannot be found again. */
function requireUtf8(path: string): void {
  if (!path.includes("\ufffd") || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  throw new T4Error("ERR_T4_INVALID_KEY", `The name of ${path} is not valid UTF-8.`, {
    hint: "Rename the file.",
    facts: { path },
  });
}
