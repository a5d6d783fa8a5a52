import { compareCodePoints } from "../base/code-points.js";
import { T4Error } from "../base/errors.js";
import { type Json, type JsonObject, PyFloat } from "./json-value.js";

interface Style {
  readonly comma: string;
  readonly colon: string;
  readonly sortKeys: boolean;
  string(text: string): string;
  float(value: number): string;
}

/** Printable ASCII without quote and backslash: stands for itself in every style. */
const PLAIN = /^[ !#-[\]-~]*$/;
const NOT_ASCII = /[^ -~]/g;
/** Python's `json` escapes these and no other control characters by name. */
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

const CANONICAL: Style = { comma: ",", colon: ":", sortKeys: true, string: canonicalString, float: canonicalFloat };
const WRITTEN: Style = { comma: ", ", colon: ": ", sortKeys: false, string: writtenString, float: writtenFloat };
const READABLE: Style = {
  ...WRITTEN,
  string: (text) => (text.isWellFormed() ? writtenString(text) : canonicalString(text)),
  float: canonicalFloat,
};

/**
 * The canonical text of a value, as it enters the top hash: sorted keys, no blanks, ASCII only.
 *
 * Source: Python's `json.dumps(value, sort_keys=True, separators=(",", ":"))`.
 */
export function canonicalJson(value: Json): string {
  return print(value, CANONICAL);
}

/**
 * The text of a value as it stands in a manifest: keys in their order, `", "` and `": "`, Unicode as it is.
 *
 * Source: Python's `json.dumps(value, ensure_ascii=False)`.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_META` for NaN, infinities and lone surrogates, which other clients cannot read.
 */
export function writeJson(value: Json): string {
  return print(value, WRITTEN);
}

/**
 * The text of a value for people and programs: as in a manifest, but also for what only foreign manifests hold, NaN, infinities
 * and halves of surrogate pairs, as Python writes them.
 */
export function readableJson(value: Json): string {
  return print(value, READABLE);
}

/** The canonical text of a string, with quotes. */
export function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\]/g, "\\$&").replace(NOT_ASCII, escapeUnit)}"`;
}

/** The text of a string in a manifest, with quotes. */
export function writtenString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) {
    throw new T4Error(
      "ERR_T4_INVALID_META",
      `Cannot write ${JSON.stringify(text)}: it holds half of a surrogate pair, which UTF-8 cannot express.`,
      {
        hint: "Rename the file or change the text to valid Unicode.",
      },
    );
  }
  return `"${text.replace(/["\\]/g, "\\$&").replace(/[\u0000-\u001f]/g, escapeUnit)}"`;
}

function escapeUnit(unit: string): string {
  return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A float as Python prints it: shortest digits that read back as the same double. */
function canonicalFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", power = ""] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power);
  const digits = mantissa.replace(".", "");
  const sign = value < 0 ? "-" : "";
  return sign + (exponent < -4 || exponent >= 16 ? scientific(digits, exponent) : positional(digits, exponent));
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function writtenFloat(value: number): string {
  if (Number.isFinite(value)) return canonicalFloat(value);
  throw new T4Error(
    "ERR_T4_INVALID_META",
    `Cannot write the number ${value} into a manifest: JSON has no such number.`,
    {
      hint: "Use null or a string instead.",
    },
  );
}

function print(value: Json, style: Style): string {
  if (typeof value === "string") return style.string(value);
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof PyFloat) return style.float(value.value);
  if (Array.isArray(value)) return printArray(value as readonly Json[], style);
  return printObject(value as JsonObject, style);
}

function printArray(items: readonly Json[], style: Style): string {
  return `[${items.map((item) => print(item, style)).join(style.comma)}]`;
}

function printObject(object: JsonObject, style: Style): string {
  if (object.size === 0) return "{}";
  const names = [...object.keys()];
  if (style.sortKeys) names.sort(compareCodePoints);
  const members = names.map((name) => style.string(name) + style.colon + print(object.get(name) as Json, style));
  return `{${members.join(style.comma)}}`;
}
