import { describe, expect, it } from "vitest";
import { parseDirectoryKey, parseLogicalKey } from "#t4/format/logical-key.js";
import { isPackageName } from "#t4/format/package-name.js";
import { vectors } from "./vectors.js";

interface Outcome {
  readonly ok: boolean;
  readonly walk?: readonly string[];
}

interface KeyCase {
  readonly key: string;
  readonly quilt3: { readonly validate_key: Outcome; readonly set: Outcome; readonly set_dir: Outcome };
}

describe("names.json", () => {
  const { cases } = vectors<{ cases: { name: string; accepted: boolean; quilt3: Outcome }[] }>("names.json");

  it.each(cases)("$name", ({ name, quilt3 }) => {
    // Deviation: Python's `$` lets one newline through at the end; such a name could not be typed or listed safely.
    expect(isPackageName(name)).toBe(quilt3.ok && !name.endsWith("\n"));
  });
});

describe("keys.json", () => {
  const { cases } = vectors<{ cases: KeyCase[] }>("keys.json");

  it.each(cases)("$key as a file", ({ key, quilt3 }) => {
    const accept = (): string => parseLogicalKey(key);
    if (quilt3.set.ok) expect(accept()).toBe(key);
    else expect(accept).toThrow(/Invalid logical key/);
  });

  it.each(cases)("$key as a directory", ({ key, quilt3 }) => {
    const walk = (): string => [parseDirectoryKey(key), "f"].filter((part) => part !== "").join("/");
    if (quilt3.set_dir.ok) expect([walk()]).toEqual(quilt3.set_dir.walk);
    else expect(walk).toThrow(/Invalid logical key/);
  });
});
