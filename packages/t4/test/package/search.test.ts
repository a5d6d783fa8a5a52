import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { enterEnvironment } from "testkit/environment.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { find, openRegistry, Package, search } from "#t4/index.js";
import { serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let home: string;
let registry: string;
let leave: () => void;

beforeEach(() => {
  home = temporaryDirectory();
  registry = join(home, "registry");
  leave = enterEnvironment({ HOME: home, XDG_CACHE_HOME: join(home, "cache"), XDG_DATA_HOME: join(home, "data") });
});

afterEach(() => leave());

interface Content {
  readonly message?: string;
  readonly meta?: Readonly<Record<string, string | number>>;
  readonly files?: Readonly<Record<string, string>>;
}

async function publish(name: string, { message, meta, files = {} }: Content = {}): Promise<string> {
  const pkg = new Package();
  for (const [key, text] of Object.entries(files)) await pkg.setText(key, text);
  if (meta !== undefined) pkg.setMeta(meta);
  return pkg.push(name, registry, message === undefined ? {} : { message });
}

const names = async (query: string, options = {}): Promise<string[]> =>
  (await search(query, { registry, ...options })).results.map(({ name }) => name);

describe("search", () => {
  it("finds words of names, messages, metadata, keys, columns and READMEs, and words that begin with them", async () => {
    const topHash = await publish("alice/brain", {
      message: "Recorded in Tübingen",
      meta: { species: "mouse", note: "größer" },
      files: {
        "raw/session-07.bin": "x",
        "cells.csv": "neuron,rate\n1,2\n",
        "readme.md": "Made with a microscope",
      },
    });
    await publish("bob/other", { message: "Something else" });
    for (const query of [
      "brain",
      "recorded tubingen",
      "species",
      "MOUSE",
      "session 07",
      "neuron",
      "microscope",
      "micro",
      "alice größer",
      "brain rate.bin",
    ])
      expect(await names(query), query).toEqual(["alice/brain"]);
    expect(await names("brain something")).toEqual([]);
    const { results, corrected } = await search("session", { registry });
    expect(corrected).toEqual({});
    expect(results).toMatchObject([
      { name: "alice/brain", topHash, message: "Recorded in Tübingen", files: 3, keys: ["raw/session-07.bin"] },
    ]);
  });

  it("puts names before messages, messages before READMEs, and keys last", async () => {
    await publish("a/one", { files: { "ocean.bin": "x" } });
    await publish("a/two", { files: { "README.md": "ocean" } });
    await publish("a/three", { message: "ocean" });
    await publish("a/ocean");
    expect(await names("ocean")).toEqual(["a/ocean", "a/three", "a/two", "a/one"]);
    expect(await names("ocean", { limit: 2 })).toEqual(["a/ocean", "a/three"]);
  });

  it("finds columns of tables that say them at their end", async () => {
    const pkg = new Package();
    for (const name of ["types.arrow", "groups.parquet"])
      await pkg.setBytes(name, readFileSync(new URL(`../content/golden/${name}`, import.meta.url)));
    await pkg.push("alice/tables", registry);
    expect(await names("large_string")).toEqual(["alice/tables"]);
    expect(await names("group")).toEqual(["alice/tables"]);
  });

  it("takes a word that is nowhere for one that differs by a slip, and says so", async () => {
    await publish("alice/weather", { message: "temperature" });
    for (const [typo, word] of [
      ["wether", "weather"],
      ["waether", "weather"],
      ["eather", "weather"],
      ["temprature", "temperature"],
      ["temperatuer", "temperature"],
    ] as const)
      expect(await search(typo, { registry }), typo).toMatchObject({
        corrected: { [typo]: [word] },
        results: [{ name: "alice/weather" }],
      });
    expect(await names("wxyther")).toEqual([]);
    // Short words and numbers are others, not slips.
    expect(await names("alise 2025")).toEqual([]);
  });

  it("reads what is new alone, and forgets what is gone", async () => {
    const read: number[] = [];
    const onUpdate = (packages: number): void => void read.push(packages);
    await publish("a/one", { message: "red" });
    await publish("a/two", { message: "green" });
    expect(await names("red", { onUpdate })).toEqual(["a/one"]);
    expect(await names("red", { onUpdate })).toEqual(["a/one"]);
    expect(read).toEqual([2]);
    await publish("a/two", { message: "red, too" });
    expect(await names("red", { cached: true })).toEqual(["a/one"]);
    expect(await names("red", { onUpdate })).toEqual(["a/one", "a/two"]);
    expect(await names("green")).toEqual([]);
    const opened = await openRegistry(registry);
    await opened.rollback("a/two", "latest~1");
    expect(await names("green")).toEqual(["a/two"]);
    await opened.deletePackage("a/one");
    expect(await names("red")).toEqual([]);
    await opened.undo("a/one");
    expect(await names("red")).toEqual(["a/one"]);
  });

  it("makes an index anew that is damaged, cut off or of another version", async () => {
    await publish("a/one");
    const directory = join(home, "cache/T4/search");
    const path = (): string => join(directory, readdirSync(directory)[0] ?? "");
    expect(await names("one")).toEqual(["a/one"]);
    writeFileSync(path(), "no database");
    expect(await names("one")).toEqual(["a/one"]);
    truncateSync(path(), 5000);
    expect(await names("one")).toEqual(["a/one"]);
    const { default: sqlite } = await import("node-sqlite3-wasm");
    const database = new sqlite.Database(path());
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(await names("one")).toEqual(["a/one"]);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("finds a package whose manifest is damaged by its name, and others as ever", async () => {
    const topHash = await publish("a/broken", { message: "red one" });
    await publish("a/sound", { message: "red" });
    writeFileSync(join(registry, ".quilt/packages", topHash), "no manifest");
    expect(await names("red")).toEqual(["a/sound"]);
    expect((await search("broken", { registry })).results).toMatchObject([{ name: "a/broken", files: null }]);
  });

  it("finds a package whose places cannot be read, and all others", async () => {
    await publish("a/sound", { message: "red" });
    const line = (key: string, place: string, meta = "{}"): string =>
      `{"logical_key": "${key}", "physical_keys": ["${place}"], "size": 3, "hash": {"type": "SHA256", "value": "${"0".repeat(64)}"}, "meta": ${meta}}`;
    const places: Readonly<Record<string, string>> = {
      web: line("README.md", "https://example.com/README.md"),
      strange: line("README.md", "s3://x/"),
      version: line("README.md", "s3://bucket/README.md?versionId=junk"),
      gone: line("README.md", `file://${registry}/absent`),
      directory: line("README.md", `file://${registry}`),
      format: line("t.parquet", `file://${registry}/.quilt`, '{"format": {"name": "bytes"}}'),
    };
    for (const [name, entry] of Object.entries(places)) {
      const manifest = `{"version": "v0", "message": "red ${name}"}\n${entry}\n`;
      const pkg = await Package.load(Buffer.from(manifest));
      const topHash = pkg.topHash();
      mkdirSync(join(registry, `.quilt/named_packages/a/${name}`), { recursive: true });
      writeFileSync(join(registry, ".quilt/packages", topHash), [...pkg.manifest()].join(""));
      writeFileSync(join(registry, `.quilt/named_packages/a/${name}/latest`), topHash);
    }
    expect(await names("sound")).toEqual(["a/sound"]);
    // Of each all is known but what its place did not say.
    expect(await names("red")).toHaveLength(Object.keys(places).length + 1);
    expect((await find("*", { registry })).map(({ name }) => name).sort()).toEqual(
      [...Object.keys(places), "sound"].sort().map((name) => `a/${name}`),
    );
  });

  it("finds words of metadata behind ends of lines and tabs, and columns of a file that is packed well", async () => {
    await publish("a/one", { meta: { note: 'First line\nsecond part\tthird "fourth"' } });
    const packed = gzipSync(`city,celsius\n${"Oslo,21\n".repeat(200_000)}`);
    await (await new Package().setBytes("big.csv.gz", packed)).push("a/two", registry);
    for (const word of ["second", "third", "fourth", "note"]) expect(await names(word), word).toEqual(["a/one"]);
    expect((await search("nsecond", { registry })).corrected).toEqual({ nsecond: ["second"] });
    expect(await names("celsius")).toEqual(["a/two"]);
  });

  it("removes what killed searches left", async () => {
    await publish("a/one");
    expect(await names("one")).toEqual(["a/one"]);
    const directory = join(home, "cache/T4/search");
    const [index = ""] = readdirSync(directory);
    const left = `${index}.${randomUUID()}`;
    writeFileSync(join(directory, left), "x");
    mkdirSync(join(directory, `${left}.lock`));
    await publish("a/two");
    expect(await names("two")).toEqual(["a/two"]);
    expect(readdirSync(directory)).toHaveLength(3);
    await publish("a/three");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3600 * 1000 });
    try {
      expect(await names("three")).toEqual(["a/three"]);
    } finally {
      vi.useRealTimers();
    }
    expect(readdirSync(directory)).toEqual([index]);
  });

  it("answers many at once, also while the index changes", async () => {
    await publish("a/one");
    await names("one");
    await publish("a/two");
    const answers = await Promise.all(Array.from({ length: 8 }, () => names("a")));
    for (const answer of answers) expect(answer).toEqual(["a/one", "a/two"]);
    expect(readdirSync(join(home, "cache/T4/search"))).toHaveLength(1);
  });

  it("says that nothing is there, or was asked", async () => {
    await expect(search("x", { registry: join(home, "absent") })).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    await expect(search(" -/ ", { registry })).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    await expect(search("x", { registry, limit: 0 })).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    await publish("a/one");
    await (await openRegistry(registry)).deletePackage("a/one");
    expect(await names("one")).toEqual([]);
    // What a query says is words, never operators.
    expect(await names('one" OR "a')).toEqual([]);
  });

  it("works on a bucket", async () => {
    const served = await serveBuckets();
    const back = enterEnvironment(served.env);
    try {
      const pkg = await new Package().setText("cells.csv", "neuron,rate\n");
      await pkg.push("alice/brain", "s3://plain/lab", { message: "First" });
      const { results } = await search("neuron first", { registry: "s3://plain/lab" });
      expect(results).toMatchObject([{ name: "alice/brain", files: 1 }]);
    } finally {
      back();
      await served.close();
    }
  });
});

describe("find", () => {
  beforeEach(async () => {
    await publish("alice/brain", { message: "It's red", meta: { species: "mouse", "a-b": 2 }, files: { x: "12345" } });
    await publish("alice/liver", { meta: { species: "rat", week: 3 }, files: { x: "1", y: "1" } });
    await publish("bob/brain", { meta: { species: "mouse", week: 1 } });
  });

  const found = async (pattern: string | undefined, where?: string): Promise<string[]> =>
    (await find(pattern, { registry, ...(where !== undefined && { where }) })).map(({ name }) => name);

  it("goes by names and by what holds of them", async () => {
    expect(await found(undefined)).toEqual(["alice/brain", "alice/liver", "bob/brain"]);
    expect(await found("*/brain")).toEqual(["alice/brain", "bob/brain"]);
    expect(await found("alice/*", 'metadata.species = "mouse" and size > 4')).toEqual(["alice/brain"]);
    expect(await found("*", "metadata.week >= 2 or message = 'It''s red'")).toEqual(["alice/brain", "alice/liver"]);
    expect(await found("*", 'not (metadata.species in ("rat", "dog")) and files < 1')).toEqual(["bob/brain"]);
    expect(await found("*", 'metadata."a-b" = 2')).toEqual(["alice/brain"]);
    expect(await found("*", "message is null")).toEqual(["alice/liver", "bob/brain"]);
    expect(await found("*", "message is not null")).toEqual(["alice/brain"]);
    expect(await found("*", "metadata.week is null AND name LIKE 'ALICE%'")).toEqual(["alice/brain"]);
  });

  it("understands nothing else", async () => {
    const wrong: readonly (readonly [string, string])[] = [
      ["sise > 1", "Did you mean size?"],
      ["size > 1; drop", "Compare"],
      ["size >", "Compare"],
      ["(size > 1", "Compare"],
      ["1) or (1", "Compare"],
      ["size in (select id from packages)", "Compare"],
      ['metadata = "x"', "Compare"],
      ["size -- 1", "Compare"],
      ["(size, files) = 1", "Compare"],
      [Array.from({ length: 2000 }, () => "size = 1").join(" or "), "Compare"],
    ];
    for (const [where, hint] of wrong)
      await expect(found("*", where), where).rejects.toMatchObject({
        code: "ERR_T4_USAGE",
        hint: expect.stringContaining(hint),
      });
    expect(await found("*", `name = "x' or '1'='1"`)).toEqual([]);
    expect(await found("[a]*")).toEqual([]);
  });
});
