import { describe, expect, it } from "vitest";
import { parseJson } from "#t4/format/json-parse.js";
import { PyFloat } from "#t4/format/json-value.js";
import { canonicalJson, writeJson } from "#t4/format/json-write.js";
import { vectors } from "./vectors.js";

interface Case {
  readonly input: string;
  readonly hashed: string;
  readonly written?: string;
  readonly write_error?: string;
}

interface JsonVectors {
  readonly cases: readonly Case[];
  readonly number_spellings: readonly Case[];
  readonly string_spellings: readonly Case[];
  readonly floats: readonly { readonly bits_be: string; readonly text: string }[];
}

const golden = vectors<JsonVectors>("json.json");

describe("json.json", () => {
  it.each(["cases", "number_spellings", "string_spellings"] as const)("%s: canonical and written text", (family) => {
    for (const { input, hashed, written, write_error } of golden[family]) {
      const value = parseJson(input);
      expect(canonicalJson(value), input).toBe(hashed);
      if (write_error === undefined) expect(writeJson(value), input).toBe(written);
      else expect(() => writeJson(value), input).toThrow(/Cannot write/);
    }
  });

  it("floats: Python's shortest text of a double", () => {
    for (const { bits_be, text } of golden.floats) {
      const value = Buffer.from(bits_be, "hex").readDoubleBE();
      expect(canonicalJson(new PyFloat(value)), bits_be).toBe(text);
    }
  });
});
