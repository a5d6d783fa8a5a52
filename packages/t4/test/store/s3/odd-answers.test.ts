import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { describe, expect, it } from "vitest";
import { type S3StoreOptions, s3Store } from "#t4/store/s3/s3-store.js";

type Transport = S3StoreOptions["transport"];
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A store whose server is played; the requests that it got. */
function playedStore(play: (request: string) => Answer) {
  const requests: { readonly line: string; readonly headers: Readonly<Record<string, string>> }[] = [];
  const transport: Transport = async ({ method, url, headers }) => {
    const line = `${method} ${url}`;
    requests.push({ line, headers });
    const { status = 200, headers: answered = {}, body = "" } = play(line);
    return { status, headers: answered, body: Buffer.from(body) };
  };
  const store = s3Store({
    location: { bucket: "bucket", endpoint: "http://played" },
    prefix: "",
    credentials: async () => TEST_ACCOUNT,
    transport,
    probeKey: ".state/probe/",
    conditions: "quoted",
    spoolDirectory: "/nowhere",
    clock: { now: () => Date.now(), sleep: async () => undefined },
  });
  return { store, requests };
}

const GIB = 1024 ** 3;
const STARTED = "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>";
const COMPLETED = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
const COPIED = '<CopyPartResult><ETag>"part"</ETag></CopyPartResult>';

/** Plays a server that has one object, and copies it in parts. */
function holding(facts: Record<string, string>): (request: string) => Answer {
  return (request) => {
    if (request.startsWith("HEAD")) return { headers: { "last-modified": new Date().toUTCString(), ...facts } };
    if (request.endsWith("?uploads=")) return { body: STARTED };
    if (request.startsWith("POST")) return { body: COMPLETED };
    return { body: request.includes("partNumber") ? COPIED : "" };
  };
}

describe("an object above 5 GiB", () => {
  const touched = async (facts: Record<string, string>) => {
    const { store, requests } = playedStore(holding({ "content-length": String(6 * GIB), ...facts }));
    expect(await store.touch("k")).toBe(true);
    const copies = requests.filter(({ headers }) => headers["x-amz-copy-source"] !== undefined);
    return {
      isAtOnce: copies.some(({ line }) => !line.includes("partNumber")),
      ranges: copies.map(({ headers }) => headers["x-amz-copy-source-range"] ?? ""),
    };
  };

  it.each([
    ["in parts", { etag: '"0-768"' }],
    ["of a bucket with versions", { etag: '"0-768"', "x-amz-version-id": "v1" }],
  ])("%s is touched part by part: the server copies no more at once", async (_, facts) => {
    const { isAtOnce, ranges } = await touched(facts);
    expect(isAtOnce).toBe(false);
    expect(ranges.at(-1)).toMatch(new RegExp(`-${6 * GIB - 1}$`));
  });

  it("that was touched has other parts at the next touch, and so another ETag", async () => {
    const first = await touched({ etag: '"0-768"' });
    const second = await touched({ etag: `"0-${first.ranges.length}"` });
    expect(second.isAtOnce).toBe(false);
    expect(second.ranges.length).not.toBe(first.ranges.length);
    expect(second.ranges.at(-1)).toMatch(new RegExp(`-${6 * GIB - 1}$`));
  });
});

describe("an answer that is no document of S3", () => {
  const source = { size: 9 << 20, read: async (start: number, end: number) => new Uint8Array(end - start) };
  const unreadable = { code: "ERR_T4_IO", hint: expect.stringContaining("endpoint") };
  const NONE = ["<InitiateMultipartUploadResult></InitiateMultipartUploadResult>", "<html>", "hello", ""];

  it.each(NONE)("ends an upload in parts before anything is sent: %j", async (body) => {
    const { store, requests } = playedStore(() => ({ body }));
    await expect(store.upload("k", source, { mode: "overwrite" })).rejects.toMatchObject(unreadable);
    expect(requests).toHaveLength(1);
  });

  it("ends a copy in parts", async () => {
    const facts = { "content-length": String(6 * GIB), etag: '"0-768"' };
    const { store } = playedStore((request) =>
      request.includes("partNumber") ? { body: "<html>" } : holding(facts)(request),
    );
    await expect(store.touch("k")).rejects.toMatchObject(unreadable);
  });

  it.each([100, 9 << 20])("ends a proved copy of %i bytes", async (size) => {
    const { store } = playedStore((request) =>
      request.endsWith("?uploads=") ? { body: STARTED } : { body: "<html>" },
    );
    const copy = { isNamedByContent: false, isWanted: () => true };
    await expect(store.copyProved({ bucket: "bucket", key: "from", size }, "to", copy)).rejects.toMatchObject(
      unreadable,
    );
  });

  it.each(["", "<html>", "hello"])("does not count as the end of an upload: %j", async (body) => {
    const { store } = playedStore((request) => {
      if (request.endsWith("?uploads=")) return { body: STARTED };
      if (request.startsWith("HEAD")) return { status: 404 };
      return request.startsWith("POST") ? { body } : { headers: { etag: '"part"' } };
    });
    await expect(store.upload("k", source, { mode: "overwrite" })).rejects.toMatchObject(unreadable);
  });

  it("counts as the end of an upload where the object is there, under the name of this very write", async () => {
    let log = "";
    let isThere = true;
    const { store, requests } = playedStore((request) => {
      if (request.endsWith("?uploads=")) {
        log = requests.at(-1)?.headers["x-amz-meta-t4-writes"] ?? "";
        return { body: STARTED };
      }
      const found = { "x-amz-meta-t4-writes": isThere ? log : "another", "x-amz-version-id": "v1" };
      if (request.startsWith("HEAD")) return { headers: found };
      return { headers: { etag: '"part"' } };
    });
    expect(await store.upload("k", source, { mode: "overwrite" })).toMatchObject({ written: true, versionId: "v1" });
    isThere = false;
    await expect(store.upload("k", source, { mode: "overwrite" })).rejects.toMatchObject(unreadable);
  });

  it.each(["", "<html>"])("does not count as a copy: %j", async (body) => {
    const facts = { "content-length": "5", etag: '"0-1"' };
    const { store } = playedStore((request) => (request.startsWith("HEAD") ? holding(facts)(request) : { body }));
    await expect(store.touch("k")).rejects.toMatchObject(unreadable);
  });

  it("ends the question for versions, and for parts", async () => {
    const checksum = { "x-amz-checksum-sha256": `${"A".repeat(43)}=-2` };
    const facts = { "content-length": String(9 << 20), etag: '"0-2"', ...checksum };
    const { store } = playedStore((request) =>
      request.startsWith("HEAD") ? holding(facts)(request) : { body: "<html>" },
    );
    await expect(store.isVersioned()).rejects.toMatchObject(unreadable);
    await expect(store.describe({ key: "k" })).rejects.toMatchObject(unreadable);
  });
});
