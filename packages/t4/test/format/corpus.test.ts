import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PARSERS, tryParser } from "testkit/fuzz/parsers.js";
import { describe, expect, it } from "vitest";

/** Bytes that once led somewhere new; `scripts/fuzz.js` adds to them. */
const CORPUS = fileURLToPath(new URL("../corpus", import.meta.url));

describe("a parser of what others wrote", () => {
  it.each(Object.entries(PARSERS))("takes or refuses, and nothing else, all of the corpus of %s", (name, parser) => {
    const directory = join(CORPUS, name);
    const files = existsSync(directory) ? readdirSync(directory) : [];
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(() => tryParser(parser, readFileSync(join(directory, file))), file).not.toThrow();
  });
});
