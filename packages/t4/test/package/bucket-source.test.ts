import { createHash } from "node:crypto";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Package, type SetOptions, type SkippedPath } from "#t4/index.js";
import { Terminal } from "../cli/terminal.js";
import { foreignClient, type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;
let leave: () => void;
let client: ReturnType<typeof foreignClient>;

beforeEach(() => start());
afterEach(stop);

async function start(options: Parameters<typeof serveBuckets>[0] = {}): Promise<void> {
  served = await serveBuckets(options);
  leave = enterEnvironment(served.env);
  client = foreignClient(served);
}

async function stop(): Promise<void> {
  client.close();
  leave();
  await served.close();
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");
const MEBIBYTE = 1 << 20;
/** Of two chunks. */
const LARGE = Buffer.alloc(9 * MEBIBYTE, "t4 ");

/** Puts an object as another program does, with or without its SHA-256. */
async function put(
  [bucket, key]: readonly [string, string],
  body: string | Uint8Array,
  isSummed = true,
): Promise<string> {
  const bytes = Buffer.from(body);
  const headers: Record<string, string> = isSummed ? { "x-amz-checksum-sha256": sha256(bytes) } : {};
  const answer = await client.send({ method: "PUT", bucket, key, body: bytes, headers });
  expect(answer.status).toBe(200);
  return answer.headers["x-amz-version-id"] ?? "";
}

/** Puts an object in parts of these sizes. */
async function putInParts(bucket: string, key: string, sizes: readonly number[]): Promise<void> {
  const algorithm = { "x-amz-checksum-algorithm": "SHA256" };
  const begun = await client.send({ method: "POST", bucket, key, query: { uploads: "" }, headers: algorithm });
  const uploadId = /<UploadId>(.*?)</.exec(Buffer.from(begun.body).toString())?.[1] ?? "";
  let at = 0;
  let listed = "";
  for (const [i, size] of sizes.entries()) {
    const body = LARGE.subarray(at, (at += size));
    const sum = sha256(body);
    const query = { partNumber: String(i + 1), uploadId };
    const headers = { "x-amz-checksum-sha256": sum };
    const { headers: told } = await client.send({ method: "PUT", bucket, key, query, body, headers });
    listed += `<Part><PartNumber>${i + 1}</PartNumber><ETag>${told["etag"]}</ETag><ChecksumSHA256>${sum}</ChecksumSHA256></Part>`;
  }
  const body = `<CompleteMultipartUpload>${listed}</CompleteMultipartUpload>`;
  expect((await client.send({ method: "POST", bucket, key, query: { uploadId }, body })).status).toBe(200);
}

/** What the same bytes have for a hash when they are read. */
async function hashOf(bytes: Uint8Array): Promise<string | undefined> {
  const pkg = await new Package().setBytes("x", bytes);
  await pkg.build("a/b", { registry: join(temporaryDirectory(), "registry"), snapshot: true });
  return pkg.entry("x").hash?.value;
}

const dataReads = (): number =>
  served.server.log.entries.filter(({ operation, key }) => operation === "GetObject" && !key.startsWith(".quilt/"))
    .length;

describe("an object of a bucket that is set", () => {
  it("has the hash that the server's checksum gives, and is not read", async () => {
    await put(["versioned", "raw/a b+ü.txt"], "small");
    await put(["versioned", "empty"], "");
    await put(["versioned", "exact"], LARGE.subarray(0, 8 * MEBIBYTE));
    await put(["versioned", "whole"], LARGE);
    await putInParts("versioned", "parts", [8 * MEBIBYTE, MEBIBYTE]);
    await putInParts("versioned", "other parts", [6 * MEBIBYTE, 3 * MEBIBYTE]);
    await put(["versioned", "bare"], "bare", false);
    const pkg = new Package();
    served.server.log.clear();
    await pkg.set("small", "s3://versioned/raw/a%20b%2B%C3%BC.txt", { meta: { by: "us" } });
    for (const key of ["empty", "exact", "whole", "parts", "bare"]) await pkg.set(key, `s3://versioned/${key}`);
    await pkg.set("other", "s3://versioned/other%20parts");
    expect(served.server.log.byOperation()).toEqual({ HeadObject: 7, GetObjectAttributes: 2 });
    expect(pkg.entry("small").meta).toEqual({ by: "us" });
    expect(pkg.entry("small").hash?.value).toBe(await hashOf(Buffer.from("small")));
    expect(pkg.entry("empty").hash?.value).toBe(await hashOf(Buffer.from("")));
    expect(pkg.entry("exact").hash?.value).toBe(await hashOf(LARGE.subarray(0, 8 * MEBIBYTE)));
    expect(pkg.entry("parts").hash?.value).toBe(await hashOf(LARGE));
    expect(pkg.entry("whole").hash).toEqual({
      type: "SHA256",
      value: createHash("sha256").update(LARGE).digest("hex"),
    });
    expect([pkg.entry("bare").hash, pkg.entry("other").hash]).toEqual([undefined, undefined]);
    expect(pkg.entry("bare").physicalKey).toMatch(/^s3:\/\/versioned\/bare\?versionId=/);
    expect(await pkg.entry("small").text()).toBe("small");
  });

  it("can be an old version", async () => {
    const old = await put(["versioned", "k"], "old");
    await put(["versioned", "k"], "new");
    const pkg = await new Package().set("k", `s3://versioned/k?versionId=${old}`);
    expect(await pkg.entry("k").text()).toBe("old");
  });

  it("must be there, and in a bucket that is", async () => {
    await expect(new Package().set("k", "s3://versioned/none")).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    await expect(new Package().set("k", "s3://nowhere/k")).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    await expect(new Package().setDir("/", "s3://versioned/none/")).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it.each([true, false])(
    "is not taken for another one that was put in its place, with checksums: %s",
    async (isSummed) => {
      await put(["plain", "k"], "first", isSummed);
      await put(["plain", "sub/k"], "first", isSummed);
      const pkg = await new Package().set("k", "s3://plain/k");
      const all = await new Package().setDir("", "s3://plain/sub");
      await put(["plain", "k"], "other", isSummed);
      await put(["plain", "sub/k"], "other", isSummed);
      const code = expect.stringMatching(/^ERR_T4_(?:SOURCE_CHANGED|INTEGRITY)$/) as string;
      for (const registry of ["s3://versioned", join(temporaryDirectory(), "registry")]) {
        await expect(pkg.push("alice/w", registry)).rejects.toMatchObject({ code });
        await expect(all.push("alice/w", registry)).rejects.toMatchObject({ code });
      }
    },
  );

  it("gives a stranger's entries no more than they had", async () => {
    await put(["versioned", "secret"], "secret");
    const pkg = await new Package().set("k", "s3://versioned/secret");
    await pkg.push("alice/w", "s3://plain", { copy: "none" });
    const stranger = await Package.browse("alice/w", { registry: "s3://plain" });
    await expect(stranger.set("mine", "s3://versioned/secret")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(stranger.setDir("mine", "s3://versioned/")).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });
});

describe("an object that cannot be set", () => {
  it.each<[string, string, object]>([
    ["its key", "../b", {}],
    ["an option", "b", { mata: {} }],
    ["its metadata", "b", { meta: { size: () => 1 } }],
  ])("for %s lets the package read no more than before", async (_, key, options) => {
    await put(["versioned", "secret"], "secret");
    const theirs = await new Package().set("k", "s3://versioned/secret");
    await theirs.push("alice/w", "s3://plain", { copy: "none" });
    const stranger = await Package.browse("alice/w", { registry: "s3://plain" });
    const pkg = new Package();
    await expect(pkg.set(key, "s3://versioned/secret", options as SetOptions)).rejects.toMatchObject({
      name: "T4Error",
    });
    // A package that may read there with the user's credentials takes no stranger's entry that leads there.
    await pkg.set("k", stranger.entry("k"));
    expect(pkg.count).toBe(1);
  });
});

describe("a prefix that is set", () => {
  it("gives all its objects under their names, for one request each", async () => {
    const guarded = [".quilt/named_packages/a/b/latest", ".ssh/id", ".ssh/key", "x/.git/hooks/post-checkout"];
    for (const key of ["a.txt", "sub/b.csv", "sub dir/ü+c", "sub/", ...guarded])
      await put(["versioned", `raw/${key}`], key.replace("sub/", ""));
    await put(["versioned", "rawer"], "not below");
    served.server.log.clear();
    const skipped: SkippedPath[] = [];
    const pkg = await (await new Package().setText("own.txt", "own")).setDir("data", "s3://versioned/raw/", {
      meta: { from: "there" },
      onSkipped: (one) => void skipped.push(one),
    });
    expect(skipped.map(({ path, kind }) => `${path}: ${kind}`)).toEqual([
      ".quilt: guarded name",
      ".ssh: guarded name",
      "x/.git: guarded name",
    ]);
    expect(served.server.log.byOperation()).toEqual({ ListObjectsV2: 1, HeadObject: 3 });
    const keys = ["data/a.txt", "data/sub dir/ü+c", "data/sub/b.csv", "own.txt"];
    expect([...pkg.walk()].map(([key]) => key).sort()).toEqual(keys);
    expect(pkg.metaOf("data")).toEqual({ from: "there" });
    expect(await pkg.entry("data/sub dir/ü+c").text()).toBe("sub dir/ü+c");
  });

  it("is published where it is without being read, under the top hash that its files have", async () => {
    for (const key of ["a.txt", "b.txt"]) await put(["versioned", `raw/${key}`], key);
    const pkg = await new Package().setDir("/", "s3://versioned/raw/");
    served.server.log.clear();
    const topHash = await pkg.push("alice/w", "s3://versioned");
    expect(dataReads()).toBe(0);
    expect(served.server.log.count("CopyObject")).toBe(0);
    const files = await (await new Package().setText("a.txt", "a.txt")).setText("b.txt", "b.txt");
    expect(await files.push("alice/w", join(temporaryDirectory(), "registry"))).toBe(topHash);
    const browsed = await Package.browse("alice/w", { registry: "s3://versioned" });
    expect(browsed.entry("a.txt").physicalKey).toMatch(/^s3:\/\/versioned\/raw\/a\.txt\?versionId=/);
    expect(await browsed.entry("a.txt").text()).toBe("a.txt");
  });

  it("is copied and hashed inside the server where there is no checksum, and not read", async () => {
    for (const key of ["a.txt", "b.txt"]) await put(["plain", `raw/${key}`], key, false);
    const pkg = await new Package().setDir("/", "s3://plain/raw/");
    served.server.log.clear();
    await pkg.push("alice/w", "s3://versioned");
    expect(dataReads()).toBe(0);
    expect(served.server.log.count("CopyObject")).toBe(2);
    const browsed = await Package.browse("alice/w", { registry: "s3://versioned" });
    expect(browsed.entry("a.txt").hash?.value).toBe(await hashOf(Buffer.from("a.txt")));
  });

  it.each(["ceph-16", "minio", "moto"] as const)("is right on %s, too", async (profile) => {
    await stop();
    await start({ profile });
    for (const key of ["a.txt", "b.txt"]) await put(["plain", `raw/${key}`], key);
    await putInParts("plain", "raw/parts", [8 * MEBIBYTE, MEBIBYTE]);
    const pkg = await new Package().setDir("/", "s3://plain/raw/");
    await pkg.push("alice/w", "s3://plain");
    const browsed = await Package.browse("alice/w", { registry: "s3://plain" });
    expect(browsed.entry("a.txt").hash?.value).toBe(await hashOf(Buffer.from("a.txt")));
    expect(browsed.entry("parts").hash?.value).toBe(await hashOf(LARGE));
    await browsed.fetch(join(temporaryDirectory(), "copy"));
  });
});

describe("t4 push of a prefix", () => {
  it("says first what it would read, then publishes", async () => {
    await put(["plain", "raw/a.txt"], "a");
    await put(["plain", "raw/sub/b.bin"], LARGE, false);
    const terminal = new Terminal();
    const words = ["push", "alice/w", "s3://plain/raw/", "s3://versioned"];
    served.server.log.clear();
    expect(await terminal.run(...words, "--dry-run")).toBe(0);
    expect(dataReads()).toBe(0);
    expect(terminal.out).toBe("");
    expect(terminal.err).toContain(
      "1 object of 2 objects without a hash on the server: 9.44 MB would be read in 2 requests",
    );
    // One lists, two look, one and four copy, twenty publish.
    expect(terminal.err).toContain("In all about 28 requests and 0 B through this machine: less than $0.01 at");
    served.server.log.clear();
    expect(await terminal.run(...words.slice(0, 3), "s3://plain", "--dry-run")).toBe(0);
    expect(terminal.err).toContain("In all about 25 requests and 9.44 MB through this machine");
    expect(await terminal.run(...words, "-m", "From there")).toBe(0);
    const topHash = terminal.out.trim();
    expect(dataReads()).toBe(0);
    expect(await terminal.run("cat", "alice/w/a.txt", "--registry", "s3://versioned")).toBe(0);
    expect(terminal.out).toBe("a");
    expect(await terminal.run("push", "alice/w", "s3://versioned/alice/w", "s3://versioned", "--dry-run")).toBe(0);
    expect(terminal.out).toHaveLength(topHash.length + 1);
  });
});
