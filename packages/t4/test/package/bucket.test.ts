import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomFaults, scriptedFaults } from "testkit/s3/fault-plan.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OnProgress, openRegistry, Package, type PushReport } from "#t4/index.js";
import { contentOf, enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;
let root: string;

beforeEach(async () => {
  served = await enterBuckets();
  root = temporaryDirectory();
});
afterEach(async () => {
  await served.close();
});

const MEBIBYTE = 1 << 20;
/** Of two parts. */
const LARGE = Buffer.alloc(9 * MEBIBYTE, "t4 ");

function writeData(name = "data"): string {
  const data = join(root, name);
  mkdirSync(join(data, "sub"), { recursive: true });
  writeFileSync(join(data, "a.txt"), "a");
  writeFileSync(join(data, "sub/ü b+c.csv"), "x,y\n");
  writeFileSync(join(data, "empty"), "");
  writeFileSync(join(data, "large.bin"), LARGE);
  return data;
}

async function pushData(registry: string): Promise<string> {
  return (await new Package().setDir("", writeData())).push("alice/w", registry, { message: "First" });
}

describe.each(["versioned", "plain"])("a registry in a bucket, %s", (bucket) => {
  const registry = `s3://${bucket}`;

  it("gives back what was pushed to it, under the same top hash as a folder", async () => {
    const topHash = await pushData(registry);
    const inFolder = await (await new Package().setDir("", join(root, "data"))).push("alice/w", join(root, "folder"), {
      message: "First",
    });
    expect(topHash).toBe(inFolder);
    const pkg = await Package.install("alice/w", { registry, dest: join(root, "copy") });
    expect(pkg.topHash()).toBe(topHash);
    for (const key of ["a.txt", "sub/ü b+c.csv", "empty", "large.bin"])
      expect(readFileSync(join(root, "copy", key)).equals(readFileSync(join(root, "data", key)))).toBe(true);
    expect((await pkg.verify(join(root, "copy"))).ok).toBe(true);
    expect(readdirSync(join(root, "copy/.t4"))).not.toContain("tmp");
  });

  it("gives single files and parts of them without the others", async () => {
    await pushData(registry);
    const pkg = await Package.browse("alice/w", { registry });
    served.server.log.clear();
    expect(await pkg.entry("a.txt").text()).toBe("a");
    const parts: Uint8Array[] = [];
    for await (const part of pkg.entry("large.bin").stream({ start: 8 * MEBIBYTE - 2, end: 8 * MEBIBYTE + 3 }))
      parts.push(part);
    expect(Buffer.concat(parts).equals(LARGE.subarray(8 * MEBIBYTE - 2, 8 * MEBIBYTE + 3))).toBe(true);
    expect(served.server.log.bytes().received).toBeLessThan(100);
    expect((await pkg.entry("large.bin").bytes()).length).toBe(LARGE.length);
    await Package.install("alice/w", { registry, dest: join(root, "part"), path: "sub" });
    expect(readdirSync(join(root, "part"))).toEqual(["ü b+c.csv"]);
  });

  it("gets only what changed", async () => {
    await pushData(registry);
    writeFileSync(join(root, "data/a.txt"), "changed");
    served.server.log.clear();
    const next = await new Package().setDir("", join(root, "data"));
    await next.push("alice/w", registry, { message: "Second", force: true });
    const sent = served.server.log.entries.filter(
      ({ key, method }) => method === "PUT" && !/^\.quilt\/(?!t4\/obj)/.test(key),
    );
    expect(sent).toHaveLength(1);
    const log = [];
    for await (const revision of (await openRegistry(registry)).log("alice/w")) log.push(revision.topHash);
    expect(log).toHaveLength(2);
    expect(await (await Package.browse("alice/w@latest~1", { registry })).entry("a.txt").text()).toBe("a");
  });

  it("is asked at most five times by a push that changes nothing", async () => {
    const files = new Package();
    for (let i = 0; i < 300; i++) await files.setText(`f${i}.txt`, String(i));
    await files.push("alice/w", registry, { message: "First" });
    served.server.log.clear();
    const again = new Package();
    for (let i = 0; i < 300; i++) await again.setText(`f${i}.txt`, String(i));
    let report: PushReport | undefined;
    await again.push("alice/w", registry, { message: "First", dedupe: true, onReport: (done) => (report = done) });
    expect(report?.isPublished).toBe(false);
    expect(served.server.log.count()).toBeLessThanOrEqual(5);
    served.server.log.clear();
    await files.push("alice/w", registry, { message: "Second" });
    expect(served.server.log.byOperation()["PutObject"]).toBeLessThan(60);
  });

  it("gives the message of a large revision for little", async () => {
    const pkg = new Package();
    for (let i = 0; i < 1000; i++) await pkg.setText(`f${i}.txt`, "");
    await pkg.push("alice/w", registry, { message: "First" });
    pkg.setMeta({ long: "x".repeat(100_000) });
    await pkg.push("alice/w", registry, { message: "Second" });
    const there = await openRegistry(registry);
    for (const [revision, message, requests] of [
      ["latest~1", "First", 1],
      ["latest", "Second", 2],
    ] as const) {
      const topHash = await there.resolve("alice/w", revision);
      served.server.log.clear();
      expect(await there.message(topHash)).toBe(message);
      expect(served.server.log.byOperation()).toEqual({ GetObject: requests });
    }
  });

  it("lets nothing wrong out: a byte that changed is named, and no file is written", async () => {
    await pushData(registry);
    const pkg = await Package.browse("alice/w", { registry });
    const { objects } = served.simulator.bucket(bucket);
    for (const key of ["a.txt", "large.bin"]) {
      const place = new URL(pkg.entry(key).physicalKey ?? "");
      const newest = objects.newest(decodeURIComponent(place.pathname.slice(1)));
      newest?.body.set([newest.body[0] === 0 ? 1 : 0], newest.body.length - 1);
      const dest = join(root, `wrong-${key}`);
      const install = Package.install("alice/w", { registry, dest, path: key });
      await expect(install).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
      await expect(pkg.entry(key).bytes()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
      expect(existsSync(join(dest, key))).toBe(false);
      expect(existsSync(join(dest, ".t4"))).toBe(false);
    }
  });

  it("shows nothing of a push that failed, and the next one goes on", async () => {
    writeData();
    const pkg = await new Package().setDir("", join(root, "data"));
    served.server.setFaults(
      scriptedFaults([
        { operation: "UploadPart", nth: 2, times: 99, fault: { kind: "redirect", location: "http://127.0.0.1:1/" } },
      ]),
    );
    await expect(pkg.push("alice/w", registry)).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    served.server.setFaults(() => undefined);
    await expect(Package.browse("alice/w", { registry })).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    await pkg.push("alice/w", registry);
    expect(served.simulator.bucket(bucket).uploads.size).toBe(0);
    expect((await Package.browse("alice/w", { registry })).count).toBe(4);
  });

  it("goes on with a push that died, and sends again only what was not there", async () => {
    for (let i = 0; i < 20; i++) writeFileSync(join(writeData(), `f${i}.txt`), String(i));
    served.server.setFaults(
      scriptedFaults([
        {
          operation: "PutObject",
          key: /^\.quilt\/packages/,
          times: 99,
          fault: { kind: "redirect", location: "http://127.0.0.1:1/" },
        },
      ]),
    );
    const push = async (): Promise<string> =>
      (await new Package().setDir("", join(root, "data"))).push("alice/w", registry);
    await expect(push()).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    served.server.setFaults(() => undefined);
    served.server.log.clear();
    const sentBefore = await push();
    expect(served.server.log.count("UploadPart")).toBe(0);
    expect(served.server.log.bytes().sent).toBeLessThan(1 << 20);
    await (await Package.browse("alice/w", { registry, topHash: sentBefore })).fetch(join(root, "copy"));
    expect(readFileSync(join(root, "copy/large.bin")).equals(LARGE)).toBe(true);
  });

  it("ends a push or an install that is cancelled", async () => {
    writeData();
    const pkg = await new Package().setDir("", join(root, "data"));
    const reason = new Error("enough");
    const cancelled = (): { signal: AbortSignal; onProgress: () => void } => {
      const controller = new AbortController();
      return { signal: controller.signal, onProgress: () => controller.abort(reason) };
    };
    await expect(pkg.push("alice/w", registry, cancelled())).rejects.toBe(reason);
    // An upload that had begun by then waits for the next push.
    await pkg.push("alice/w", registry);
    expect(served.simulator.bucket(bucket).uploads.size).toBe(0);
    const dest = join(root, "copy");
    await expect(Package.install("alice/w", { registry, dest, ...cancelled() })).rejects.toBe(reason);
    await Package.install("alice/w", { registry, dest });
    expect(readFileSync(join(dest, "large.bin")).equals(LARGE)).toBe(true);
  });

  it("counts a push's bytes while it sends them", async () => {
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "data/large.bin"), LARGE);
    const begun: number[] = [];
    const done: number[] = [];
    const onProgress: OnProgress = ({ bytesDone }) => {
      done.push(bytesDone);
      begun.push(served.server.log.count("CreateMultipartUpload"));
    };
    await (await new Package().setDir("", join(root, "data"))).push("alice/w", registry, { onProgress });
    // The first of its bytes that count are those of the upload.
    expect(begun[0]).toBe(1);
    expect(done.at(-1)).toBe(LARGE.length);
  });

  it("works over a bad network", async () => {
    served.server.setFaults(randomFaults({ seed: 7, rate: 0.2, maxDelayMs: 20 }));
    const topHash = await pushData(registry);
    const pkg = await Package.install("alice/w", { registry, dest: join(root, "copy") });
    expect(pkg.topHash()).toBe(topHash);
    expect(readFileSync(join(root, "copy/large.bin")).equals(LARGE)).toBe(true);
  });

  it("can be a folder in the bucket", async () => {
    await pushData(`${registry}/team/däta`);
    expect(await (await Package.browse("alice/w", { registry: `${registry}/team/däta` })).entry("a.txt").text()).toBe(
      "a",
    );
    const keys = served.simulator.bucket(bucket).objects.keys();
    expect(keys.every((key) => key.startsWith("team/däta/"))).toBe(true);
    const names = [];
    for await (const name of (await openRegistry(`${registry}/team/däta`)).packages()) names.push(name);
    expect(names).toEqual(["alice/w"]);
  });
});

describe.each(["versioned", "plain"])("fsck and gc of a bucket, %s", (bucket) => {
  const registry = `s3://${bucket}`;
  const codes = async (readData: boolean): Promise<string[]> =>
    (await (await openRegistry(registry)).fsck({ readData })).map(({ code }) => code);

  it("find objects that are gone, have another size or other bytes", async () => {
    await pushData(registry);
    expect(await codes(true)).toEqual([]);
    const pkg = await Package.browse("alice/w", { registry });
    const { objects } = served.simulator.bucket(bucket);
    const newest = (key: string) =>
      objects.newest(decodeURIComponent(new URL(pkg.entry(key).physicalKey ?? "").pathname.slice(1)));
    newest("a.txt")?.body.set([0]);
    expect(await codes(false)).toEqual([]);
    expect(await codes(true)).toEqual(["E_OBJECT_HASH"]);
    const client = foreignClient(served);
    const { key = "", versionId = "" } = newest("sub/ü b+c.csv") ?? {};
    await client.send({ method: "DELETE", bucket, key, ...(bucket === "versioned" && { query: { versionId } }) });
    client.close();
    expect(await codes(false)).toEqual(["E_OBJECT_MISSING"]);
  });

  it("drop uploads of pushes that died, and nothing else", async () => {
    await pushData(registry);
    const client = foreignClient(served);
    for (const key of ["alice/w/large.bin", ".quilt/t4/objects/aa/bb", "somebody/else.bin"])
      await client.send({ method: "POST", bucket, key, query: { uploads: "" } });
    client.close();
    const open = await openRegistry(registry);
    expect(await open.collectGarbage({ dryRun: false })).toMatchObject({ uploads: [] });
    const now = { dryRun: false, graceMs: 0 };
    const dropped = [".quilt/t4/objects/aa/bb", "alice/w/large.bin"];
    expect((await open.collectGarbage(now)).uploads.toSorted()).toEqual(dropped);
    const left = [...served.simulator.bucket(bucket).uploads.values()].map(({ key }) => key);
    expect(left).toEqual(["somebody/else.bin"]);
    await (await Package.browse("alice/w", { registry })).fetch(join(root, "copy"));
  });
});

describe("a versioned bucket", () => {
  it("has the data where Quilt has it, as versions", async () => {
    await pushData("s3://versioned/p");
    const { physicalKey } = (await Package.browse("alice/w", { registry: "s3://versioned/p" })).entry("sub/ü b+c.csv");
    expect(physicalKey).toMatch(/^s3:\/\/versioned\/p\/alice\/w\/sub\/%C3%BC%20b%2Bc\.csv\?versionId=[A-Za-z0-9]+$/);
    expect(contentOf(served.simulator, "versioned", "p/alice/w/sub/ü b+c.csv")).toBe("x,y\n");
  });
});

describe("a bucket without versions", () => {
  it("has the data under names made of the content, each once", async () => {
    await pushData("s3://plain");
    await (await new Package().setText("other.txt", "a")).push("bob/w", "s3://plain");
    const objects = served.simulator
      .bucket("plain")
      .objects.keys()
      .filter((key) => key.startsWith(".quilt/t4/objects/"));
    expect(objects).toHaveLength(4);
    const sha = createHash("sha256").update(createHash("sha256").update("a").digest()).digest("hex");
    expect(objects).toContain(`.quilt/t4/objects/${sha.slice(0, 2)}/${sha}.txt`);
  });
});

describe("a package", () => {
  const places = ["s3://versioned", "s3://plain", "folder"];
  const pairs = places.flatMap((from) => places.map((to) => [from, to] as const)).filter(([from, to]) => from !== to);

  it.each(pairs)("goes from %s to %s with its top hash, and needs nothing of the first then", async (from, to) => {
    const [source, target] = [from, to].map((place) => (place.startsWith("s3:") ? place : join(root, place)));
    const topHash = await pushData(source as string);
    const pkg = await Package.browse("alice/w", { registry: source as string });
    expect(await pkg.push("alice/w", target as string, { message: "First" })).toBe(topHash);
    const copied = await Package.browse("alice/w", { registry: target as string });
    const urls = [...copied.walk()].map(([, { physicalKey = "" }]) => physicalKey);
    const base = to.startsWith("s3:") ? to : `file://${root}`;
    expect(urls.every((url) => url.startsWith(base))).toBe(true);
    await copied.fetch(join(root, "copy"));
    expect((await copied.verify(join(root, "copy"))).ok).toBe(true);
  });
});
