import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Bucket, type BucketItem, Package, type SkippedPath } from "#t4/index.js";
import { unpackBuckets } from "../golden/unpack-buckets.js";
import { contentOf, enterBuckets, type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;
let count = 0;

beforeAll(async () => {
  served = await enterBuckets();
});

afterAll(async () => {
  await served.close();
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const names = async (items: AsyncIterable<BucketItem>): Promise<string[]> =>
  (await all(items)).map((item) => ("prefix" in item ? item.prefix : `${item.key} ${item.size}`));

describe.each(["folder", "bucket", "bucket with versions"] as const)("objects in a %s", (kind) => {
  let bucket: Bucket;
  let here: string;

  beforeEach(() => {
    here = temporaryDirectory();
    const place = `test-${count++}`;
    const buckets = { bucket: `s3://plain/${place}`, "bucket with versions": `s3://versioned/${place}` };
    bucket = new Bucket(kind === "folder" ? join(here, "inbox") : buckets[kind]);
  });

  it("are put as bytes, text or JSON, listed, read and deleted", async () => {
    expect(await names(bucket.ls())).toEqual([]);
    await bucket.put("b.bin", Uint8Array.of(1, 2));
    await bucket.put("2024/a b+é.json", { x: [1] });
    await bucket.put("2024/raw/t.csv", "x\n1\n");
    expect(await all(bucket.keys())).toEqual(["2024/a b+é.json", "2024/raw/t.csv", "b.bin"]);
    expect(await all(bucket.keys("2024/r"))).toEqual(["2024/raw/t.csv"]);
    // Where files of a folder wait for their names.
    const own = kind === "folder" ? [".quilt/"] : [];
    expect(await names(bucket.ls())).toEqual([...own, "2024/", "b.bin 2"]);
    expect(await names(bucket.ls("2024"))).toEqual(["2024/a b+é.json 9", "2024/raw/"]);
    expect(await names(bucket.ls("2024/", { recursive: true }))).toEqual(["2024/a b+é.json 9", "2024/raw/t.csv 4"]);
    expect([...(await bucket.get("b.bin"))]).toEqual([1, 2]);
    expect(await bucket.deserialize("2024/a b+é.json")).toEqual({ x: [1] });
    expect(await bucket.deserialize("b.bin", (bytes) => bytes.length)).toBe(2);
    await bucket.put("b.bin", "");
    expect((await bucket.get("b.bin")).length).toBe(0);
    await bucket.delete("b.bin");
    expect(await bucket.deleteDir("2024")).toBe(2);
    expect(await names(bucket.ls("", { recursive: true }))).toEqual([]);
  });

  it("are asked in SQL, and packages beside them found by words", async () => {
    await bucket.put("2024/cities.csv", "city,celsius\nOslo,21\nRome,30\n");
    const statement = "select s.city from S3Object s where s.celsius > $1";
    const result = await bucket.select("2024/cities.csv", statement, { parameters: [25] });
    expect(await result.toArray()).toEqual([{ city: "Rome" }]);
    const other = { code: expect.stringMatching(/^ERR_T4_(USAGE|UNSAFE)$/) };
    await expect(bucket.select("2024/cities.csv", "from t4.packages")).rejects.toMatchObject(other);
    await expect(bucket.select("absent.csv", statement)).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    expect((await bucket.search("celsius")).results).toEqual([]);
    await (await new Package().setText("a.csv", "city,celsius\nOslo,21\n")).push("alice/a", bucket.location);
    expect((await bucket.search("celsius")).results).toMatchObject([{ name: "alice/a" }]);
    await expect(bucket.search("celsius", { registry: "x" } as object)).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
  });

  it("come from files and directories, and go there", async () => {
    const large = Buffer.alloc(9 << 20, "0123456789");
    mkdirSync(join(here, "raw/deep"), { recursive: true });
    writeFileSync(join(here, "raw/large.bin"), large);
    writeFileSync(join(here, "raw/deep/.quiltignore"), "*");
    writeFileSync(join(here, "raw/deep/a.txt"), "a");
    expect(await bucket.putDir("in", join(here, "raw"))).toBe(3);
    await bucket.putFile("one.bin", join(here, "raw/large.bin"));
    await bucket.fetch("in/", join(here, "out"));
    expect(readFileSync(join(here, "out/large.bin")).equals(large)).toBe(true);
    expect(readFileSync(join(here, "out/deep/a.txt"), "utf8")).toBe("a");
    await bucket.fetch("one.bin", join(here, "out/one.bin"));
    expect(readFileSync(join(here, "out/one.bin")).equals(large)).toBe(true);
    expect(Buffer.from(await bucket.get("one.bin")).equals(large)).toBe(true);
    await expect(bucket.putFile("x", join(here, "raw"))).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    await expect(bucket.putFile("x", join(here, "absent"))).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    symlinkSync("/etc/hostname", join(here, "raw/link"));
    await expect(bucket.putDir("in", join(here, "raw"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("that are not there are told, by name", async () => {
    const absent = { code: "ERR_T4_NOT_FOUND", message: expect.stringContaining('"absent') };
    const calls = [
      () => bucket.get("absent"),
      () => bucket.deserialize("absent"),
      () => bucket.fetch("absent", here),
      () => bucket.delete("absent"),
      () => bucket.deleteDir("absent"),
      () => bucket.getMeta("absent"),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(absent);
    await expect(bucket.deleteDir("")).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    await expect(bucket.put("x", 1n)).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
  });

  it("are listed by directories with slashes at either end, or none", async () => {
    await bucket.put("2024/a.txt", "a");
    for (const directory of ["2024", "2024/", "/2024", "/2024/"])
      expect(await names(bucket.ls(directory))).toEqual(["2024/a.txt 1"]);
    expect(await names(bucket.ls("/", { recursive: true }))).toEqual(["2024/a.txt 1"]);
    await bucket.fetch("/2024/", join(here, "slashes"));
    expect(await bucket.deleteDir("/2024")).toBe(1);
  });

  it("whose names other programs act upon are left out of directories, and told", async () => {
    const skipped: string[] = [];
    const onSkipped = ({ path }: SkippedPath): void => void skipped.push(path);
    for (const path of ["raw/a.txt", "raw/.git/config", "raw/sub/.ssh/config"]) {
      mkdirSync(join(here, dirname(path)), { recursive: true });
      writeFileSync(join(here, path), "x");
    }
    expect(await bucket.putDir("in", join(here, "raw"), { onSkipped })).toBe(1);
    expect(skipped.splice(0)).toEqual([".git", "sub/.ssh"]);
    await bucket.put("in/.git/config", "x");
    await bucket.fetch("in/", join(here, "out"), { onSkipped });
    expect(skipped).toEqual([".git"]);
    expect(readdirSync(join(here, "out"))).toEqual(["a.txt"]);
  });

  it("on which packages stand are not changed from above or below either", async () => {
    await (await new Package().setText("a.txt", "a")).push("alice/a", `${bucket.location}/deep/registry`);
    const refused = { code: "ERR_T4_UNSAFE" };
    const pointer = ".quilt/named_packages/alice/a/latest";
    const inside = (path: string): Bucket => new Bucket(`${bucket.location}/deep/registry/${path}`);
    await expect(bucket.delete(`deep/registry/${pointer}`)).rejects.toMatchObject(refused);
    await expect(inside(".quilt").delete("named_packages/alice/a/latest")).rejects.toMatchObject(refused);
    await expect(inside(".quilt/named_packages/alice").delete("a/latest")).rejects.toMatchObject(refused);
    await expect(inside(".quilt").put("packages/x", "x")).rejects.toMatchObject(refused);
    await bucket.put("deep/A.txt", "first of all keys");
    for (const directory of ["deep", "deep/registry"])
      await expect(bucket.deleteDir(directory)).rejects.toMatchObject(refused);
    expect(Buffer.from(await bucket.get("deep/A.txt")).toString()).toBe("first of all keys");
    await bucket.put("deep/registry/.quilt/workflows/config.yml", 'version: "1"\n');
    expect((await Package.browse("alice/a", { registry: `${bucket.location}/deep/registry` })).has("a.txt")).toBe(true);
    if (kind !== "folder") return;
    symlinkSync(join(here, "inbox/deep/registry/.quilt"), join(here, "way"), "junction");
    const byLink = new Bucket(join(here, "way"));
    await expect(byLink.delete("named_packages/alice/a/latest")).rejects.toMatchObject(refused);
  });

  it("on which packages stand are read and not changed", async () => {
    await (await new Package().setText("a.txt", "a")).push("alice/a", bucket.location);
    const [key = ""] = await all(bucket.keys(".quilt/packages/"));
    expect(Buffer.from(await bucket.get(key)).toString()).toContain('"a.txt"');
    await bucket.put(".quilt/workflows/config.yml", 'version: "1"\n');
    const refused = { code: "ERR_T4_UNSAFE" };
    await expect(bucket.put(key, "b")).rejects.toMatchObject(refused);
    await expect(bucket.put(key.toUpperCase(), "b")).rejects.toMatchObject(refused);
    await expect(bucket.delete(key)).rejects.toMatchObject(refused);
    await expect(bucket.deleteDir(".quilt")).rejects.toMatchObject(refused);
    await expect(bucket.deleteDir(".quilt/packages")).rejects.toMatchObject(refused);
    for (const outside of ["../x", "a/../../x", "/x"]) {
      await expect(bucket.put(outside, "b")).rejects.toMatchObject(refused);
      await expect(bucket.get(outside)).rejects.toMatchObject(refused);
    }
    expect(existsSync(join(here, "x"))).toBe(false);
  });
});

describe("metadata of objects", () => {
  it("is what T4 of 2019 reads and writes, and keeps the format", async () => {
    const bucket = new Bucket("s3://versioned/meta");
    await bucket.put("a", "[1]", { meta: { station: 7, name: "é" } });
    expect(await bucket.getMeta("a")).toEqual({ station: 7, name: "é" });
    const header = (): string | undefined =>
      served.simulator.bucket("versioned").objects.newest("meta/a")?.headers["x-amz-meta-helium"];
    expect(JSON.parse(header() ?? "")).toEqual({ user_meta: { station: 7, name: "é" } });
    expect(header()).toMatch(/^[\u0020-\u007e]*$/);
    const before = served.simulator.bucket("versioned").objects.newest("meta/a");
    if (before !== undefined)
      served.simulator.bucket("versioned").objects.add({
        ...before,
        headers: { "x-amz-meta-helium": '{"user_meta": {"x": 1.0}, "format": {"name": "json"}, "target": "json"}' },
      });
    expect(await bucket.deserialize("a")).toEqual([1]);
    // What a push of 2019 left: the user's metadata without a name for it.
    if (before !== undefined)
      served.simulator.bucket("versioned").objects.add({
        ...before,
        key: "meta/bare",
        headers: { "x-amz-meta-helium": '{"role": "readme"}' },
      });
    expect(await bucket.getMeta("bare")).toEqual({ role: "readme" });
    await bucket.setMeta("a", { x: 1, y: 2 });
    expect(header()).toBe('{"user_meta": {"x": 1.0, "y": 2}, "format": {"name": "json"}, "target": "json"}');
    expect(contentOf(served.simulator, "versioned", "meta/a")).toBe("[1]");
    const tooMuch = { text: "x".repeat(2000) };
    await expect(bucket.setMeta("a", tooMuch)).rejects.toMatchObject({ code: "ERR_T4_INVALID_META" });
    await expect(bucket.setMeta("b", {})).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it("of a bucket that T4 of 2019 left is read", async () => {
    const old = await serveBuckets();
    unpackBuckets("s3-bucket-t4", old.simulator);
    const back = enterEnvironment(old.env);
    try {
      const bucket = new Bucket("s3://data-bucket");
      expect(await bucket.getMeta("demo/s3/a/b c.txt")).toEqual({});
      expect(await bucket.getMeta("demo/s3/README.md")).toEqual({});
      expect(await bucket.getMeta(".quilt/named_packages/demo/s3/latest")).toEqual({});
    } finally {
      back();
      await old.close();
    }
  });

  it("is none in a folder", async () => {
    const bucket = new Bucket(temporaryDirectory());
    await bucket.put("a", "a");
    expect(await bucket.getMeta("a")).toEqual({});
    const none = { code: "ERR_T4_UNSUPPORTED" };
    await expect(bucket.setMeta("a", {})).rejects.toMatchObject(none);
    await expect(bucket.put("a", "a", { meta: {} })).rejects.toMatchObject(none);
  });
});
