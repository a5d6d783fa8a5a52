import { T4Error } from "../base/errors.js";
import { type Json, type JsonObject, PyFloat } from "./json-value.js";

/** Deepest nesting that is read; Python's own encoder gives up a little above it. */
const MAX_DEPTH = 900;
/** Longest integer that CPython reads, in digits. */
const MAX_INTEGER_DIGITS = 4300;
/**
 * Most arrays and objects that are not empty in one text: each takes some fifty times the memory of its text. No line of
 * the million bytes that Quilt writes at most has as many.
 */
const MAX_CONTAINERS = 400_000;
/** Empty ones cost nothing: nobody changes a value that was read. */
const EMPTY_ARRAY: Json[] = [];
const EMPTY_OBJECT: JsonObject = new Map<string, Json>();

/** Numbers that `JSON.parse` would not keep as Python does: long integers, floats, NaN and infinities. */
const NEEDS_LOSSLESS = /(?:^|[:[,])\s*(?:-?(?:\d{16,}|\d+[.eE])|-?Infinity|NaN)/;

const WHITESPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORD = /null|true|false|NaN|-?Infinity/y;

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", new PyFloat(Number.NaN)],
  ["Infinity", new PyFloat(Number.POSITIVE_INFINITY)],
  ["-Infinity", new PyFloat(Number.NEGATIVE_INFINITY)],
]);

/**
 * Reads a JSON text without losing anything that Python would keep.
 *
 * Accepts what Python's `json.loads` accepts: `NaN`, `Infinity` and lone surrogates, too; of members with one name the
 * last value counts, at the first one's place. Nesting is limited to 900, integers to 4,300 digits, arrays and objects to
 * 400,000.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` with the offset when the text is not JSON or beyond a limit.
 */
export function parseJson(text: string): Json {
  const fast = parsePlain(text);
  return fast === undefined ? parseLossless(text) : fast;
}

/** Uses the engine's own parser where it cannot lose anything; `undefined` means: take the slow way. */
function parsePlain(text: string): Json | undefined {
  if (NEEDS_LOSSLESS.test(text) || text.includes("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? undefined : normalZero(value as Json);
  } catch {
    return undefined;
  }
}

/** Python has no negative integer zero. */
function normalZero(value: Json): Json {
  return value === 0 ? 0 : value;
}

interface Cursor {
  readonly text: string;
  at: number;
  containers: number;
}

type Frame =
  | { readonly kind: "array"; readonly items: Json[] }
  | { readonly kind: "object"; readonly members: Map<string, Json>; name: string };

/** One loop with a stack of its own, so that deep input cannot overflow the engine's. */
function parseLossless(text: string): Json {
  const cursor: Cursor = { text, at: 0, containers: 0 };
  const stack: Frame[] = [];
  for (;;) {
    skipWhitespace(cursor);
    const opened = openContainer(cursor, stack);
    if (opened === "entered") continue;
    let value: Json = opened === undefined ? readScalar(cursor) : opened;
    for (;;) {
      skipWhitespace(cursor);
      const frame = stack.at(-1);
      if (frame === undefined) {
        if (cursor.at !== text.length) fail(cursor, "the end");
        return value;
      }
      store(frame, value);
      const next = text[cursor.at];
      if (next === ",") {
        cursor.at++;
        if (frame.kind === "object") frame.name = readName(cursor);
        break;
      }
      value = closeContainer(cursor, frame);
      stack.pop();
    }
  }
}

/** Enters an array or object that has content, or returns an empty one whole; `undefined` when there is none here. */
function openContainer(cursor: Cursor, stack: Frame[]): "entered" | Json[] | JsonObject | undefined {
  const open = cursor.text[cursor.at];
  if (open !== "{" && open !== "[") return undefined;
  if (stack.length >= MAX_DEPTH) fail(cursor, `at most ${MAX_DEPTH} levels of nesting`);
  cursor.at++;
  skipWhitespace(cursor);
  if (open === "{") {
    if (consume(cursor, "}")) return EMPTY_OBJECT;
    countContainer(cursor);
    stack.push({ kind: "object", members: new Map(), name: readName(cursor) });
  } else {
    if (consume(cursor, "]")) return EMPTY_ARRAY;
    countContainer(cursor);
    stack.push({ kind: "array", items: [] });
  }
  return "entered";
}

function countContainer(cursor: Cursor): void {
  if (++cursor.containers > MAX_CONTAINERS) fail(cursor, `at most ${MAX_CONTAINERS} arrays and objects`);
}

/** Leaves an array or object, whose value is known now. */
function closeContainer(cursor: Cursor, frame: Frame): Json {
  const bracket = frame.kind === "object" ? "}" : "]";
  if (!consume(cursor, bracket)) fail(cursor, `',' or '${bracket}'`);
  return frame.kind === "object" ? frame.members : frame.items;
}

function store(frame: Frame, value: Json): void {
  if (frame.kind === "array") frame.items.push(value);
  else frame.members.set(frame.name, value);
}

function readName(cursor: Cursor): string {
  skipWhitespace(cursor);
  const name = readString(cursor);
  skipWhitespace(cursor);
  if (!consume(cursor, ":")) fail(cursor, "':'");
  return name;
}

function readScalar(cursor: Cursor): Json {
  const first = cursor.text[cursor.at];
  if (first === '"') return readString(cursor);
  const word = match(cursor, WORD);
  if (word !== undefined) return WORDS.get(word[0]) as Json;
  const number = match(cursor, NUMBER);
  if (number === undefined) fail(cursor, "a value");
  return toNumber(cursor, number);
}

function toNumber(cursor: Cursor, found: RegExpExecArray): Json {
  const token = found[0];
  if (found[1] !== undefined || found[2] !== undefined) return new PyFloat(Number(token));
  if (token.length <= 15) return normalZero(Number(token));
  if (token.length - (token.startsWith("-") ? 1 : 0) > MAX_INTEGER_DIGITS)
    fail(cursor, `at most ${MAX_INTEGER_DIGITS} digits`);
  const exact = BigInt(token);
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : exact;
}

function readString(cursor: Cursor): string {
  const found = match(cursor, STRING);
  if (found === undefined) fail(cursor, "a string");
  const token = found[0];
  return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
}

function match(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return undefined;
  cursor.at = pattern.lastIndex;
  return found;
}

function skipWhitespace(cursor: Cursor): void {
  match(cursor, WHITESPACE);
}

function consume(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function fail(cursor: Cursor, expected: string): never {
  const got =
    cursor.at >= cursor.text.length
      ? "the end of the text"
      : JSON.stringify(cursor.text.slice(cursor.at, cursor.at + 20));
  throw new T4Error("ERR_T4_FORMAT", `Invalid JSON at offset ${cursor.at}: expected ${expected}, got ${got}.`, {
    facts: { offset: cursor.at },
  });
}
