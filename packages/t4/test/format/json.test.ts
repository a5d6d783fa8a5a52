import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "#t4/format/json-parse.js";
import { PyFloat } from "#t4/format/json-value.js";
import { canonicalJson, writeJson } from "#t4/format/json-write.js";

type Json = ReturnType<typeof parseJson>;

const name = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "constructor", "10", "9", ""),
);
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new PyFloat(value));
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).filter((value) => !Number.isSafeInteger(Number(value))),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    name,
    integer.map((value) => (Object.is(value, -0) ? 0 : value)),
    float,
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("json")), { maxLength: 4 }).map((members) => new Map(members)),
  ),
}));

/** Python's repr of a float, told from the digits that JavaScript prints: written for this test alone. */
function pythonFloat(value: number): string {
  const text = String(Math.abs(value));
  const [, whole = "", fraction = "", power = "0"] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const all = (whole + fraction).replace(/^0+/, "");
  if (all === "") return `${sign}0.0`;
  const leading = (whole + fraction).length - all.length;
  const exponent = whole.length - 1 - leading + Number(power);
  const digits = all.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= 16) {
    const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const padded = exponent < 0 ? "0".repeat(-exponent) + digits : digits.padEnd(exponent + 2, "0");
  const point = Math.max(exponent + 1, 1);
  return `${sign}${padded.slice(0, point)}.${padded.slice(point) || "0"}`;
}

/** The canonical text by the definition: sorted by code point, ASCII, no blanks. */
function reference(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") {
    return String(value);
  }
  if (value instanceof PyFloat) return pythonFloat(value.value);
  if (typeof value === "string") {
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  if (Array.isArray(value)) return `[${value.map(reference).join(",")}]`;
  const points = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const members = [...(value as Map<string, Json>)].sort(([a], [b]) => {
    const [x, y] = [points(a), points(b)];
    const at = x.findIndex((point, i) => point !== y[i]);
    return at === -1 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
  });
  return `{${members.map(([key, inner]) => `${reference(key)}:${reference(inner)}`).join(",")}}`;
}

describe("lossless JSON", () => {
  it("reads back what it wrote, and writes the same again", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(parseJson(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the order of members and every digit in what it writes into manifests", () => {
    fc.assert(
      fc.property(json, (value) => {
        let written: string;
        try {
          written = writeJson(value);
        } catch (error) {
          // Lone surrogates cannot be written as UTF-8.
          expect(error).toMatchObject({ code: "ERR_T4_INVALID_META" });
          return;
        }
        expect(writeJson(parseJson(written))).toBe(written);
        expect(canonicalJson(parseJson(written))).toBe(canonicalJson(value));
      }),
      { numRuns: 500 },
    );
  });

  it("is canonical by the definition", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(reference(value));
      }),
      { numRuns: 1000 },
    );
  });

  it("prints every float as Python does", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(canonicalJson(new PyFloat(value))).toBe(pythonFloat(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("reads any valid text as the engine's parser does, where numbers are small", () => {
    fc.assert(
      fc.property(fc.json({ depthSize: "small" }), (text) => {
        fc.pre(!/\d{15}|[eE.]\d*|-0/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, "")));
        expect(writtenOrNothing(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses what is no JSON and says where", () => {
    const broken = [
      "",
      "[",
      '{"a"}',
      "[1,]",
      "01",
      "1.",
      ".5",
      "+1",
      "'a'",
      '"\n"',
      "nul",
      "[1] 2",
      '{"a":1,}',
      "\u00a01",
    ];
    for (const text of broken) {
      expect(() => parseJson(text), text).toThrow(/Invalid JSON/);
    }
  });

  it("reads deep nesting up to its limit and refuses more without falling over", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(canonicalJson(parseJson(nested(900)))).toBe(nested(900));
    expect(() => parseJson(nested(1_000_000))).toThrow(/levels of nesting/);
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(/levels of nesting/);
  });

  it("leaves the prototypes of all objects alone", () => {
    parseJson('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

function writtenOrNothing(text: string): unknown {
  return JSON.parse(canonicalJson(parseJson(text)));
}
