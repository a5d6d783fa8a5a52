import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const HEADER = '{"version":"v0"}\n';
const LINE = '{"logical_key":"a","physical_keys":["file:///a"],"size":0,"hash":null,"meta":{}}\n';

/** What users do wrong, given a directory with a file `a`. */
const MISTAKES: readonly [string, (root: string) => unknown][] = [
  ["set a file that is not there", (root) => new Package().set("a", join(root, "gone"))],
  ["set a place in a bucket", () => new Package().set("a", "s3://bucket/a")],
  ["set something malformed", () => new Package().set("a", "file://host/a")],
  ["set no text", () => new Package().setText("a", 7 as unknown as string)],
  ["set a directory that is not there", (root) => new Package().setDir("", join(root, "gone"))],
  ["set metadata that is no JSON", () => new Package().setMetaJson("{station: 7}")],
  ["give a message that is no text", (root) => new Package().push("u/p", root, { message: 7 as unknown as string })],
  ["ask for a message by part of a hash", async (root) => (await openRegistry(root)).message("abcdef")],
  ["load a manifest that is not there", (root) => Package.load(join(root, "gone"))],
  ["load an empty manifest", () => Package.load(text(""))],
  ["load what is no manifest", () => Package.load(text("hello\n"))],
  ["load what is no text", () => Package.load(new Uint8Array([0xff, 0xfe, 0x0a]))],
  ["load a manifest with a gap", () => Package.load(text(`${HEADER}\n${LINE}`))],
  ["load a manifest with a key twice", () => Package.load(text(HEADER + LINE + LINE))],
  [
    "read what is no gzip",
    async () => (await new Package().setText("a.txt.gz", "plain")).entry("a.txt.gz").deserialize(),
  ],
  [
    "push a file that went",
    async (root) => {
      const pkg = await new Package().set("a", join(root, "a"));
      rmSync(join(root, "a"));
      return pkg.push("u/p", join(root, "registry"));
    },
  ],
  ["settle without a side", (root) => Package.resolve(root, { keys: [""], take: "both" as unknown as "mine" })],
];

describe("an error that users can cause says what to do next", () => {
  it.each(MISTAKES)("%s", async (_, mistake) => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "a"), "a");
    const error: unknown = await (async () => mistake(root))().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "T4Error", hint: expect.stringMatching(/^\S.*\.$/) as string });
  });
});

it("a directory in the place of a file, and a name that only looks the same, are said to be that", async () => {
  const pkg = await new Package().setText("d/e\u0301.txt", "x");
  expect(() => pkg.entry("d")).toThrow('"d" is a directory of the package, not a file.');
  expect(() => pkg.entry("d/\u00e9.txt")).toThrow(
    expect.objectContaining({
      hint: "Did you mean d/e\\u{301}.txt? It looks the same and is other characters: copy it from t4 ls.",
    }) as Error,
  );
});
