import fc from "fast-check";
import { type JsonInput, pyFloat } from "#t4/index.js";

/** Doubles at which printing changes its form or loses a digit. */
const EDGES = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-4,
  9.999e-5,
  1e-5,
  1e-7,
  1e15,
  9999999999999998,
  1e16,
  1e17,
  1e20,
  1e21,
  1e22,
  1e23,
  123456789.125,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  2 ** 64,
  5e-324,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1.7976931348623157e308,
  4.35,
  0.3,
  2 / 3,
  1.1e-10,
] as const;

/** Strings that are escaped, ordered or encoded in ways of their own. */
const HARD = [
  "",
  " ",
  "\u007f",
  "\u0000",
  "\u001f",
  "\u0080",
  "\u00a0",
  "\u00ad",
  "\u2028",
  "\ufeff",
  "\uffff",
  "\uff5e",
  "\u{1f600}",
  "\u{10ffff}",
  "/",
  "\\",
  '"',
  "\b\f\n\r\t\v",
  "e\u0301",
  "é",
  "__proto__",
  "constructor",
  "10",
  "9",
  "-1",
  "1.0",
  "NaN",
  "null",
  "\\u0041",
  "user_meta",
] as const;

/** Any text that UTF-8 can hold. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HARD),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);

/** Text that may be no valid Unicode, as names of files on Linux may be. */
const anyText = fc.oneof(
  { weight: 400, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom("\ud800", "x\udc00y", "\udfff\ud83d") },
);

/** Doubles, edges before all; now and then one that JSON has not. */
export const double: fc.Arbitrary<number> = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 200, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);

/** Integers of any length. */
export const integer: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  fc.bigInt({ min: -(10n ** 300n), max: 10n ** 300n }),
);

/** Metadata of every shape. */
export const metadata: fc.Arbitrary<JsonInput> = fc.letrec<{ readonly value: JsonInput }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    anyText,
    double,
    double.map(pyFloat),
    integer,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 5 }),
  ),
})).value;
