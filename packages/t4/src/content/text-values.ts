import { momentOf } from "./timestamp.js";

/** What the cells of a column of a text file are. */
export type TextType = "bool" | "number" | "date" | "timestamp" | "string";

/** Leading zeros are part of a code, not of a number; a sign of plus is of a telephone. */
const INTEGER = /^(?:0|-?[1-9]\d*)$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};
const DATE = /^\d{4}-\d\d-\d\d$/;
/** Only with a zone it is one moment. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)$/;

/** From the strictest to the loosest; the value of a text, `undefined` where it is no such. */
const READERS: Readonly<Record<TextType, (text: string) => unknown>> = {
  bool: (text) => (Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined),
  number: (text) => (INTEGER.test(text) ? integerOf(text) : numberOf(text)),
  date: (text) => (DATE.test(text) ? dateOf(text, "00:00:00", "") : undefined),
  timestamp(text) {
    const [, date, time, digits = ""] = TIMESTAMP.exec(text) ?? [];
    return date === undefined || time === undefined ? undefined : dateOf(date, time, digits);
  },
  string: (text) => text,
};

/** The value that a text of a type stands for, `undefined` where it stands for none without loss. */
export function valueOf(text: string, type: TextType): unknown {
  return READERS[type](text);
}

/** The strictest type that all texts are of; empty ones are of any. */
export function typeOfTexts(texts: Iterable<string>): TextType {
  let possible = Object.keys(READERS) as TextType[];
  let isEmpty = true;
  for (const text of texts) {
    if (text === "") continue;
    isEmpty = false;
    possible = possible.filter((type) => READERS[type](text) !== undefined);
    if (possible.length === 1) break;
  }
  return isEmpty ? "string" : (possible[0] ?? "string");
}

/** A number where it holds the integer, else a bigint. */
function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The number that a text stands for, if that number, written in full or with as many digits, is the text's again. */
export function numberOf(text: string): number | undefined {
  if (Object.hasOwn(NOT_FINITE, text)) return NOT_FINITE[text];
  if (!NUMBER.test(text)) return undefined;
  // So many digits are always kept, unless the number is nearly too small.
  if (text.length < 16 && !/[eE]/.test(text)) return Number(text);
  return keepsDigits(text) ? Number(text) : undefined;
}

/** Most digits that a number can be written with. */
const MOST_DIGITS = 100;

/** Whether a number holds what a text says: `0.1000000000000000056` is how long tools write 0.1, `0.1000000000000000051` is not. */
export function keepsDigits(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const own = digitsOf(text);
  if (own.digits === "" || isSame(own, digitsOf(String(value)))) return true;
  return own.digits.length <= MOST_DIGITS && isSame(own, digitsOf(value.toPrecision(own.digits.length)));
}

interface Digits {
  readonly isNegative: boolean;
  /** Without zeros at either end. */
  readonly digits: string;
  /** The power of ten of the last one. */
  readonly exponent: number;
}

function digitsOf(text: string): Digits {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^\s*([-+]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text) ?? [];
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  return {
    isNegative: sign === "-",
    digits,
    exponent: Number(exponent) - fraction.length + all.length - digits.length,
  };
}

function isSame(a: Digits, b: Digits): boolean {
  return a.digits === b.digits && a.exponent === b.exponent && a.isNegative === b.isNegative;
}

function dateOf(date: string, time: string, digits: string): Date | undefined {
  const all = digits.padEnd(9, "0");
  const milliseconds = Date.parse(`${date}T${time}.${all.slice(0, 3)}Z`);
  // The 31st of February is text.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(`${date}T${time}`))
    return undefined;
  return momentOf(milliseconds, Number(all.slice(3)));
}
