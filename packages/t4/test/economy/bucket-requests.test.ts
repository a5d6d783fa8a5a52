import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { presenceIn } from "#t4/package/places/presence.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;

beforeEach(async () => {
  served = await enterBuckets();
});
afterEach(async () => {
  await served.close();
});

const FILES = 200;

async function files(count = FILES, length = 1): Promise<Package> {
  const pkg = new Package();
  for (let i = 0; i < count; i++) await pkg.setText(`f${i}.txt`, `${i}`.padEnd(length, "-"));
  return pkg;
}

/** Requests for data, not those about packages. */
function dataRequests(method: "PUT" | "HEAD"): number {
  return served.server.log.entries.filter(
    ({ key, method: its }) => its === method && /^(\.quilt\/t4\/objects|alice)\//.test(key),
  ).length;
}

describe.each(["versioned", "plain"])("a push to a bucket, %s", (bucket) => {
  const registry = `s3://${bucket}`;

  it("asks little more than once for each new file", async () => {
    // What the server can do is found out, and remembered.
    await (await new Package().setText("x", "x")).push("bob/first", registry);
    served.server.log.clear();
    await (await files()).push("alice/w", registry);
    expect(dataRequests("PUT")).toBe(FILES);
    expect(served.server.log.count()).toBeLessThanOrEqual(FILES + 25);
  });

  it("reads the revision before once, and not what it has just written", async () => {
    const pkg = await files(20);
    await pkg.push("alice/w", registry);
    const directory = temporaryDirectory();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "f0.txt"), "changed");
    served.server.log.clear();
    const next = await (await Package.browse("alice/w", { registry })).setDir("", directory);
    served.server.log.clear();
    await next.push("alice/w", registry, { message: "Second" });
    await next.remember(directory);
    const reads = served.server.log.entries.filter(
      ({ key, method }) => method === "GET" && key.startsWith(".quilt/packages/"),
    );
    expect(reads).toHaveLength(1);
    expect([...(await Package.browse("alice/w", { registry })).walk()]).toHaveLength(20);
  });
});

describe("a bucket without versions", () => {
  const registry = "s3://plain";

  it("gets no file again that another package brought", async () => {
    await (await files()).push("bob/first", registry);
    served.server.log.clear();
    await (await files()).push("alice/w", registry);
    expect(dataRequests("PUT")).toBe(0);
    expect(served.server.log.count()).toBeLessThanOrEqual(FILES + 25);
  });
});

describe("what is known of the objects that are not there", () => {
  const key = (index: number): string => {
    const digest = Array.from({ length: 4 }, (_, part) =>
      ((Math.imul(index + 1, 2654435761 + 2 * part) >>> 0) & 0xffffff).toString(16).padStart(6, "0"),
    ).join("");
    return `.quilt/t4/objects/${digest.slice(0, 2)}/${digest.padEnd(64, "0")}`;
  };
  const { signal } = new AbortController();

  /** Objects in a bucket, and how many pages of them were listed. */
  function bucketOf(count: number): { pages: number; readonly list: Parameters<typeof presenceIn>[0]["list"] } {
    const keys = Array.from({ length: count }, (_, i) => key(i)).sort();
    const listed = {
      pages: 0,
      async *list(prefix: string) {
        let items = 0;
        for (const each of keys.filter((one) => one.startsWith(prefix))) {
          if (items++ % 1000 === 0) listed.pages++;
          yield { key: each, size: 1, modifiedMs: 0 };
        }
        if (items === 0) listed.pages++;
      },
    };
    return listed;
  }

  it.each([
    [0, 1],
    [999, 1],
    [5000, 22],
  ])("is found out by listing where %d are there, and is right", async (count, pages) => {
    const bucket = bucketOf(count);
    const presence = presenceIn(bucket);
    let unknown = 0;
    for (let i = count; i < count + 400; i++) unknown += (await presence.isAbsent(key(i), signal)) ? 0 : 1;
    expect(bucket.pages).toBeLessThanOrEqual(pages);
    expect(unknown).toBeLessThanOrEqual(8 + count / 40);
    for (let i = 0; i < count; i++) expect(await presence.isAbsent(key(i), signal)).toBe(false);
    presence.brought(key(count));
    expect(await presence.isAbsent(key(count), signal)).toBe(false);
  });

  it("is not listed for few files, nor where that costs more than looking at each", async () => {
    const bucket = bucketOf(20_000);
    const presence = presenceIn(bucket);
    for (let i = 0; i < 8; i++) expect(await presence.isAbsent(key(i + 20_000), signal)).toBe(false);
    expect(bucket.pages).toBe(0);
    for (let i = 0; i < 200; i++) expect(await presence.isAbsent(key(i + 20_000), signal)).toBe(false);
    expect(bucket.pages).toBe(1);
  });
});
