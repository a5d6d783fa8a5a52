import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Package, type PresignedUrl, type PresignOptions } from "#t4/index.js";
import { enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";

let served: ServedBuckets;
/** Milliseconds by which the server's clock is ahead. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  served = await enterBuckets({ now: () => Date.now() + ahead });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await served.close();
});

const entryOf = async (registry: string, key = "a b/ü.txt") =>
  (await Package.browse("alice/w", { registry })).entry(key);
const signed = async (registry: string, options?: PresignOptions): Promise<PresignedUrl> =>
  (await entryOf(registry)).presign(options);

async function put(bucket: string, key: string, body: string): Promise<void> {
  const client = foreignClient(served);
  await client.send({ method: "PUT", bucket, key, body });
  client.close();
}

describe.each(["s3://versioned", "s3://plain", "s3://plain/team"])("a URL of a file in %s", (registry) => {
  beforeEach(async () => {
    await (await new Package().setText("a b/ü.txt", "for you")).push("alice/w", registry);
  });

  it("reads it without an account, under its own name, and nothing else", async () => {
    const { url, expiresAt } = await signed(registry);
    served.server.log.clear();
    const answer = await fetch(url);
    expect(await answer.text()).toBe("for you");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="_.txt"; filename*=UTF-8''%C3%BC.txt`);
    expect(await (await fetch(url, { headers: { range: "bytes=0-2" } })).text()).toBe("for");
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(3590_000);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(3600_000);
    const [entry] = served.server.log.entries;
    expect(entry?.headers["authorization"]).toBeUndefined();
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
    expect((await fetch(url.replace("for", "fro").replace(/Signature=./, "Signature=x"))).status).toBe(403);
    expect((await fetch(url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604800"))).status).toBe(403);
  });

  it("stops when it is said to, by the server's clock", async () => {
    ahead = 7200_000;
    const { url, expiresAt } = await signed(registry, { expiresInSeconds: 60 });
    expect((await fetch(url)).status).toBe(200);
    expect(Math.abs(expiresAt.getTime() - (Date.now() + ahead + 60_000))).toBeLessThan(10_000);
    ahead += 70_000;
    expect((await fetch(url)).status).toBe(403);
  });

  it("goes on giving the bytes of its revision", async () => {
    const { url } = await signed(registry);
    await (await new Package().setText("a b/ü.txt", "others")).push("alice/w", registry);
    expect(await (await fetch(url)).text()).toBe("for you");
    expect(await (await fetch((await signed(registry)).url)).text()).toBe("others");
  });

  it.each([0, -1, 1.5, 604_801, Number.NaN])("is not made for %d seconds", async (expiresInSeconds) => {
    const entry = await entryOf(registry);
    served.server.log.clear();
    await expect(entry.presign({ expiresInSeconds })).rejects.toMatchObject({ code: "ERR_T4_USAGE" });
    expect(served.server.log.count()).toBe(0);
  });

  it("is not made of an object that is gone", async () => {
    const entry = await entryOf(registry);
    const { hostname: bucket, pathname, search } = new URL(entry.physicalKey ?? "");
    const key = decodeURIComponent(pathname.slice(1));
    const client = foreignClient(served);
    await client.send({ method: "DELETE", bucket, key, query: Object.fromEntries(new URLSearchParams(search)) });
    client.close();
    await expect(entry.presign()).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it("has neither the secret key, nor what is not its own", async () => {
    vi.stubEnv("AWS_SESSION_TOKEN", "");
    const { url } = await signed(registry);
    expect(url).toContain(TEST_ACCOUNT.accessKeyId);
    expect(url).not.toContain(TEST_ACCOUNT.secretAccessKey);
    expect(new URL(url).origin).toBe(served.server.url);
  });
});

describe("a URL of a file", () => {
  it("that was registered where it lies is not made when the object is another one now", async () => {
    await put("plain", "raw/a.txt", "one");
    const pkg = await new Package().set("a.txt", "s3://plain/raw/a.txt");
    await put("plain", "raw/a.txt", "two");
    await expect(pkg.entry("a.txt").presign()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    await put("plain", "raw/a.txt", "one");
    await pkg.push("alice/raw", "s3://plain");
    const entry = (await Package.browse("alice/raw", { registry: "s3://plain" })).entry("a.txt");
    expect(await (await fetch((await entry.presign()).url)).text()).toBe("one");
  });

  it("is signed for no bucket that the package may not lead to with the user's credentials", async () => {
    served.simulator.createBucket("other");
    await put("other", "private.txt", "private");
    const registry = "s3://versioned";
    const pkg = await new Package().set("a.txt", "s3://other/private.txt");
    await pkg.push("eve/trap", registry, { copy: "none" });
    const entry = async (trustBuckets?: string[]) =>
      (await Package.browse("eve/trap", { registry, ...(trustBuckets && { trustBuckets }) })).entry("a.txt");
    served.server.log.clear();
    await expect((await entry()).presign()).rejects.toMatchObject({
      code: "ERR_T4_ACCESS",
      hint: expect.stringContaining("--trust-bucket other") as string,
    });
    expect(served.server.log.entries.some(({ bucket }) => bucket === "other")).toBe(false);
    expect(await (await fetch((await (await entry(["other"])).presign()).url)).text()).toBe("private");
  });

  it("is made where there is a bucket alone, and somebody who signs", async () => {
    const pkg = await new Package().setText("a.txt", "a");
    await expect(pkg.entry("a.txt").presign()).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    await pkg.push("alice/w", "s3://plain");
    const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::plain/*" }] as const;
    served.simulator.bucket("plain").policy = { Statement: [...Statement] };
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    vi.stubEnv("AWS_REGION", "eu-anonymous-1");
    const entry = (await Package.browse("alice/w", { registry: "s3://plain" })).entry("a.txt");
    await expect(entry.presign()).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
  });
});
