import { rankAt } from "../base/code-points.js";
import { T4Error } from "../base/errors.js";
import { requireText } from "../base/unexpected.js";

/** A checked path inside a package; made only by {@link parseLogicalKey}. */
export type LogicalKey = string & { readonly __brand: "LogicalKey" };

/**
 * Checks a logical key that someone sets: components separated by `/`, none of them empty, `.` or `..`.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_KEY` with the reason.
 */
export function parseLogicalKey(text: string): LogicalKey {
  requireText(text, "a logical key");
  const reason = invalidReason(text);
  if (reason === undefined) return text as LogicalKey;
  throw new T4Error("ERR_T4_INVALID_KEY", `Invalid logical key ${JSON.stringify(text)}: ${reason}.`, {
    hint: "Use a relative path with '/' between its parts, for example data/table.csv.",
    facts: { logicalKey: text },
  });
}

/** Checks a key that names a directory: slashes at the ends do not count; `""`, `.`, `./` and `/` are the root, `""`. */
export function parseDirectoryKey(text: string): string {
  requireText(text, "a logical key");
  const key = text.replace(/^\/+|\/+$/g, "");
  return key === "" || key === "." ? "" : parseLogicalKey(key);
}

function invalidReason(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.startsWith("/")) return "it starts with '/'";
  if (text.endsWith("/")) return "it ends with '/'";
  for (const part of text.split("/")) {
    if (part === "") return "it has an empty part ('//')";
    if (part === "." || part === "..") return `it has the part '${part}'`;
  }
  return undefined;
}

/**
 * Orders logical keys as manifests and top hashes do: level by level, names by code point.
 *
 * A component that ends sorts below everything, so `a/x` < `a b` < `a.txt`.
 */
export function compareLogicalKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return keyRankAt(a, i) - keyRankAt(b, i);
  }
  return a.length - b.length;
}

const SLASH = 0x2f;

/** U+0000 may stand in a foreign key, so the slash takes a place below it. */
function keyRankAt(text: string, i: number): number {
  return text.charCodeAt(i) === SLASH ? -1 : rankAt(text, i);
}

/** Units that stand for themselves in {@link treeSortKey}, but for the slash. */
const ORDERLY = /^[\u0002-\ud7ff]*$/;

/** A text for each key, so that `<` orders the texts as {@link compareLogicalKeys} orders the keys: for sorting many of them. */
export function treeSortKey(key: string): string {
  if (ORDERLY.test(key)) return key.replaceAll("/", "\u0000");
  return Array.from({ length: key.length }, (_, i) => sortUnits(key, i)).join("");
}

/** Slash, then U+0000 and U+0001, then all others but U+FFFF, that, and the halves of pairs. */
function sortUnits(key: string, i: number): string {
  const unit = key.charCodeAt(i);
  if (unit === SLASH) return "\u0000";
  if (unit < 2) return `\u0001${key[i]}`;
  if (rankAt(key, i) > 0xffff) return `\uffff${key[i]}`;
  return unit === 0xffff ? "\uffff\u0000" : (key[i] as string);
}

/** The directories above a key, from the outermost in: `a/b/c` has `a` and `a/b`. */
export function* ancestorsOf(logicalKey: string): Generator<string, void, undefined> {
  for (let at = logicalKey.indexOf("/"); at !== -1; at = logicalKey.indexOf("/", at + 1)) yield logicalKey.slice(0, at);
}

/** Whether a key is a place or lies below it; all keys are at `""`. */
export function isAt(key: string, place: string): boolean {
  return place === "" || key === place || key.startsWith(`${place}/`);
}
