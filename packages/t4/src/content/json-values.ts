import { randomBytes } from "node:crypto";
import { numberOf } from "./text-values.js";

/** Where the engine's own parser could lose digits: in so long or so large numbers. Finds some that are neither. */
const MAY_LOSE = /[\d.]{16}|[eE][+-]?\d\d/;
/** Strings, so that nothing in them is taken for a number, and numbers. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
/** What stands before a number that is carried through the parser as a string; nobody can write a file that has it. */
const MARK = `\u0001${randomBytes(12).toString("hex")}:`;

/**
 * Reads JSON without loss: integers that no number holds are bigints, decimals with more digits than a number keeps are texts.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function parseLossless(text: string): unknown {
  if (!MAY_LOSE.test(text)) return JSON.parse(text) as unknown;
  const marked = text.replace(TOKEN, (token) => (isKept(token) ? token : JSON.stringify(MARK + token)));
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? exact(value.slice(MARK.length)) : value,
  ) as unknown;
}

function isKept(token: string): boolean {
  if (token.startsWith('"')) return true;
  return isInteger(token) ? Number.isSafeInteger(Number(token)) : numberOf(token) !== undefined;
}

function exact(token: string): unknown {
  return isInteger(token) ? BigInt(token) : token;
}

function isInteger(token: string): boolean {
  return /^-?\d+$/.test(token);
}

/** What a value of JSON is called in a schema. */
export function typeOfJson(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  const type = typeof value;
  if (type === "boolean") return "bool";
  if (type === "bigint") return "number";
  return type === "object" ? "struct" : type;
}
