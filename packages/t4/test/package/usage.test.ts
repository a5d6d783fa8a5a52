import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/package/package.js";
import { temporaryDirectory } from "../temporary.js";

const usage = (message: RegExp): object =>
  expect.objectContaining({ code: "ERR_T4_USAGE", message: expect.stringMatching(message) as string });

describe("what is not what it should be is refused with a word about it", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;

  it.each<[string, unknown, RegExp]>([
    ["undefined", undefined, /^Cannot write the value as JSON: it is undefined\.$/],
    ["a function", () => 1, /it is function/],
    ["a bigint", { id: 1n }, /BigInt/],
    ["a circle", loop, /circular/],
  ])("setJson of %s", async (_, value, message) => {
    const pkg = new Package();
    await expect(pkg.setJson("a.json", value)).rejects.toEqual(usage(message));
    expect(pkg.count).toBe(0);
  });

  it("setText and setBytes of something else", async () => {
    const [text, bytes] = [undefined, "abc"] as unknown as [string, Uint8Array];
    await expect(new Package().setText("a", text)).rejects.toEqual(usage(/^Expected text, got undefined\.$/));
    await expect(new Package().setBytes("a", bytes)).rejects.toEqual(usage(/^Expected bytes .* got string\.$/));
  });

  it.each<[string, (wrong: string) => unknown, RegExp]>([
    ["setText", (key) => new Package().setText(key, "x"), /^Expected a logical key, got number\.$/],
    ["delete", (key) => new Package().delete(key), /^Expected a logical key/],
    ["get", (key) => new Package().get(key), /^Expected a logical key/],
    ["has", (key) => new Package().has(key), /^Expected a logical key/],
    ["entry", (key) => new Package().entry(key), /^Expected a logical key/],
    ["browse", (name) => Package.browse(name), /^Expected <author>\/<package>, got number\.$/],
    ["install", (name) => Package.install(name), /^Expected <author>\/<package>/],
    ["push", (registry) => new Package().push("a/b", registry), /^Expected a path or URL, got number\.$/],
  ])("a number for the text of %s", async (_, call, message) => {
    const number = 1 as unknown as string;
    await expect((async () => call(number))()).rejects.toEqual(usage(message));
  });

  it("a file for the directory of an install", async () => {
    const root = temporaryDirectory();
    const file = join(root, "file");
    writeFileSync(file, "mine");
    const registry = join(root, "registry");
    await (await new Package().setText("a", "x")).push("a/b", registry);
    await expect(Package.install("a/b", { registry, dest: file })).rejects.toEqual(usage(/is a file, not a directory/));
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("a directory that is missing", async () => {
    const nothing = undefined as unknown as string;
    await expect(new Package().verify(nothing)).rejects.toEqual(usage(/^Expected a path, got undefined\.$/));
    await expect(Package.openDirectory(nothing)).rejects.toEqual(usage(/Expected a path/));
  });

  it.each([
    [-2, undefined],
    [1.5, undefined],
    [Number.NaN, undefined],
    ["1", undefined],
    [0, -1],
    [0, 2.5],
    [Number.POSITIVE_INFINITY, undefined],
  ])("a range from %s to %s", async (start, end) => {
    const entry = (await new Package().setText("a", "0123")).entry("a");
    const range = { start: start as number, ...(end !== undefined && { end }) };
    await expect(entry.stream(range).next()).rejects.toEqual(usage(/Expected a range of bytes, got start/));
  });

  it("a file whose size is no plain number", async () => {
    const root = temporaryDirectory();
    const registry = join(root, "registry");
    const pkg = await new Package().setText("a.txt", "a");
    await pkg.push("a/b", registry);
    const text = Array.from(pkg.manifest()).join("").replace('"size": 1', '"size": 1.0');
    const odd = await Package.load(Buffer.from(text), { allowLocal: [registry] });
    const error = { code: "ERR_T4_INTEGRITY", message: 'Cannot verify "a.txt": its size is no plain number.' };
    await expect(odd.entry("a.txt").text()).rejects.toMatchObject(error);
    await expect(odd.fetch(join(root, "out"))).rejects.toMatchObject(error);
    expect(await odd.entry("a.txt").text({ verify: false })).toBe("a");
  });
});
