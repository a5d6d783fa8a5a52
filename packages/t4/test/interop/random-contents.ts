import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Contents } from "./contents.js";
import { metadata, text } from "./random-json.js";

const MiB = 1 << 20;

/** Writes files with hard names and various sizes; their paths, mostly of small ones. */
export function writePool(directory: string): fc.Arbitrary<string> {
  mkdirSync(directory);
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(directory, name), bytes);
    return join(directory, name);
  };
  const names = [
    "plain",
    " a b ",
    "100%",
    "%41",
    "#?",
    "+&=~;:@",
    "'\"`",
    "\\",
    "()[]{}*!$,^|<>",
    "ü",
    "u\u0308",
    "日本",
    "\u{1f600}",
    "\n",
    "\u007f",
    ".h",
  ];
  const small = names.map((name, i) => write(`${name}.${i % 3}`, Buffer.from(name.repeat(i % 4))));
  const large = [8 * MiB - 1, 8 * MiB, 8 * MiB + 1].map((size) => write(String(size), Buffer.alloc(size, size & 255)));
  return fc.oneof(
    { weight: 300, arbitrary: fc.constantFrom(...small) },
    { weight: 1, arbitrary: fc.constantFrom(...large) },
  );
}

const part = text.filter((name) => name !== "" && name !== "." && name !== ".." && !name.includes("/"));
const sibling = fc.constantFrom("a", "a b", "a-b", "a.txt", "aa", "A", "a\u0000", "a!", "\uff5e", "\u{1f600}");
const key = fc.array(fc.oneof(sibling, part), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

/** A random package of files of the pool; metadata of a directory only where there is one. */
export function randomContents(pool: fc.Arbitrary<string>): fc.Arbitrary<Contents> {
  const file = fc.oneof(pool, fc.record({ path: pool, meta: metadata }));
  const files = fc.dictionary(key, file, { maxKeys: 8 });
  return fc.record({ files, meta: metadata, ofDirectory: metadata }, { requiredKeys: ["files"] }).map((random) => {
    const inner = Object.keys(random.files).find((path) => path.includes("/"));
    if (inner === undefined || random.ofDirectory === undefined) return random;
    return Object.assign(random, { directories: [[inner.slice(0, inner.lastIndexOf("/")), random.ofDirectory]] });
  });
}
