import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type JsonInput, pyFloat } from "#t4/index.js";
import type { Contents } from "./contents.js";

const MiB = 1 << 20;
const SIZES = [0, 1, 8 * MiB - 1, 8 * MiB, 8 * MiB + 1, 20 * MiB] as const;

/** Names that are hard to quote, to order or to spell. */
const NAMES = [
  "a/x",
  "a b",
  "a-b",
  "a.txt",
  "aa",
  "A.TXT",
  "a/ b /c  d",
  "100% + 50?",
  "#1 & #2 = #3",
  "%41%zz",
  "semi;colon:at@",
  'it\'s "quoted"',
  "(a)[b]{c}!$*,^`|<>~",
  ".hidden/.file",
  "ünï-cödé/naïve.csv",
  "u\u0308-decomposed",
  "日本語/データ.json",
  "\uff5e",
  "\u{1f600}.png",
  "\u{10ffff}",
  "no-extension",
  "two.tar.gz",
  "x".repeat(255),
  `deep/${"d/".repeat(60)}end`,
] as const;

const META = {
  text: 'q"\\/\b\f\n\r\t\u0000\u007f\u2028é\u{1f600}',
  whole: 1,
  float: pyFloat(1),
  zero: pyFloat(-0),
  big: 123456789012345678901234567890n,
  edge: 9007199254740993n,
  floats: [0.1, pyFloat(1e16), 1e-5, 1e-7, 5e-324, 1.7976931348623157e308, pyFloat(1e22), 123456789.125],
  nothing: null,
  yes: true,
  no: false,
  "": "empty name",
  10: "ten",
  9: "nine",
  "\uff5e": 1,
  "\u{1f600}": 2,
  nested: { deep: [[[{ list: [], object: {}, "sp ace": [null, [1, pyFloat(2), "3"]] }]]] },
} as const;

/** A package that is hard to get right; makes its files below a directory. */
export interface Sample {
  readonly title: string;
  readonly count: number;
  make(directory: string): Contents;
}

/** Writes files below a new directory; their paths by key. */
export function writeFiles(
  directory: string,
  contents: Readonly<Record<string, Uint8Array | string>>,
): Readonly<Record<string, string>> {
  mkdirSync(directory, { recursive: true });
  const paths = Object.entries(contents).map(([key, bytes]): [string, string] => {
    const path = join(directory, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return [key, path];
  });
  return Object.fromEntries(paths);
}

function bytesOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * i + 7 * i + (i >> 13)) & 255);
}

/** Those for a place. */
export function samplesFor({ holdsMany }: { readonly holdsMany: boolean }): readonly Sample[] {
  return SAMPLES.filter(({ count }) => holdsMany || count < 1000);
}

/** All of them. */
export const SAMPLES: readonly Sample[] = [
  { title: "nothing at all", count: 0, make: (directory) => ({ files: writeFiles(directory, {}) }) },
  {
    title: "hard names",
    count: NAMES.length,
    make: (directory) => ({ files: writeFiles(directory, Object.fromEntries(NAMES.map((name) => [name, name]))) }),
  },
  {
    title: "metadata of every shape",
    count: 4,
    make: (directory) => {
      const paths = writeFiles(directory, { "a.txt": "a", "b.txt": "b", "c.txt": "c", "d.txt": "d" });
      const metas: readonly JsonInput[] = [META, {}, null, { list: [META, META] }];
      const files = Object.entries(paths).map(([key, path], i) => [key, { path, meta: metas[i] ?? null }] as const);
      return { files: Object.fromEntries(files), meta: META };
    },
  },
  {
    title: "metadata of directories",
    count: 3,
    make: (directory) => ({
      files: writeFiles(directory, { "d/e/f.txt": "f", "d/g.txt": "g", "ü #/h.txt": "h" }),
      directories: [
        ["d", META],
        ["d/e", { level: 2 }],
        ["ü #", { ü: pyFloat(3) }],
      ],
      meta: { root: true },
    }),
  },
  {
    title: "sizes around the chunk of 8 MiB",
    count: SIZES.length,
    make: (directory) => ({
      files: writeFiles(directory, Object.fromEntries(SIZES.map((size) => [`of-${size}.bin`, bytesOf(size)]))),
    }),
  },
  {
    title: "5,000 files",
    count: 5000,
    make: (directory) => {
      const keys = Array.from({ length: 5000 }, (_, i) => `d${i % 37}/f${i}.txt`);
      writeFiles(directory, Object.fromEntries(keys.map((key) => [key, key])));
      return { directory, meta: { count: 5000 } };
    },
  },
];
