import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { vectors } from "./vectors.js";

interface Case {
  readonly quiltignore: string;
  readonly kept: readonly string[];
}

/** What differs from the originals' file name patterns because ignore files follow gitignore here. */
interface Deviation {
  readonly reason: string;
  readonly kept?: readonly string[];
  readonly ignored?: readonly string[];
}

const DEVIATIONS = new Map<string, Deviation>([
  ["/a.txt", { reason: "a slash at the front anchors the pattern at the root", ignored: ["a.txt"] }],
  ["dir/*", { reason: "a slash in the middle anchors the pattern at the root", kept: ["other/dir/x.txt"] }],
  ["dir/**", { reason: "a slash in the middle anchors the pattern at the root", kept: ["other/dir/x.txt"] }],
  ["#hash", { reason: "a line that starts with # is a comment", kept: ["#hash"] }],
  ["\\#hash", { reason: "a backslash makes # an ordinary character", ignored: ["#hash"] }],
  ["!keep\n*.txt", { reason: "a line that starts with ! takes a pattern back", kept: ["!keep"] }],
  ["b.csv ", { reason: "blanks at the end of a line do not count", ignored: ["b.csv", "dir/b.csv"] }],
  ["a*d.txt", { reason: "* does not cross a slash", kept: ["a/b/c/d.txt"] }],
]);

describe(".quiltignore", () => {
  const { tree, cases } = vectors<{ readonly tree: readonly string[]; readonly cases: readonly Case[] }>(
    "quiltignore.json",
  );

  it.each(cases.map(({ quiltignore, kept }) => [quiltignore, kept] as const))("%j", async (quiltignore, kept) => {
    const root = temporaryDirectory();
    for (const file of tree) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), "x");
    }
    writeFileSync(join(root, ".quiltignore"), quiltignore);
    const found = (await new Package().setDir("", root)).map((key) => key);
    const { kept: more = [], ignored = [] } = DEVIATIONS.get(quiltignore) ?? {};
    expect(found.sort()).toEqual([...kept.filter((key) => !ignored.includes(key)), ...more].sort());
  });
});
