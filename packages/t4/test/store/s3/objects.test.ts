import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digestChunks } from "#t4/hash/hash-pieces.js";
import { hashBytes } from "#t4/hash/hasher.js";
import { copyObject } from "#t4/store/s3/copy-object.js";
import { listVersions } from "#t4/store/s3/list-versions.js";
import { nodeTransport } from "#t4/store/s3/node-transport.js";
import { temporaryDirectory } from "../../temporary.js";
import { simulatedStore } from "./simulated-store.js";

const MIB = 1 << 20;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sourceOf = (content: Uint8Array) => ({
  size: content.length,
  read: async (start: number, end: number) => content.subarray(start, end),
});
/** What `get` gives at most. */
const whole = async (store: Awaited<ReturnType<typeof simulatedStore>>["store"], key: string) =>
  Buffer.from((await store.get(key))?.bytes ?? []);

describe("objects on S3", () => {
  it("have any key, note and bytes that there can be", async () => {
    const { store } = await simulatedStore();
    const keys = ["sp ace +plus", "per%cent%20", "üñí/日本語/😀", "a&b<c>\"d'", "~!*()'", "q?#[]^`|;:=,@$", "\u0001"];
    for (const key of keys) {
      const note = { n: key };
      await store.put(key, bytes(key), { mode: { replaces: undefined }, note });
      expect(await store.get(key)).toMatchObject({ note });
      expect((await whole(store, key)).toString()).toBe(key);
    }
    const listed: string[] = [];
    for await (const item of store.list("")) if ("key" in item) listed.push(item.key);
    expect(listed.sort()).toEqual([...keys].sort());
    expect((await store.get(keys[0] as string, { range: [3, 3] }))?.bytes).toHaveLength(0);
    expect((await store.get(keys[0] as string, { range: [100, 200] }))?.bytes).toHaveLength(0);
    expect((await store.get(keys[0] as string, { range: [3, 200] }))?.bytes).toHaveLength(9);
  });

  it("are hashed once for signature, server and manifest, in parts from 8 MiB on", async () => {
    const { store, server, simulator } = await simulatedStore({ isVersioned: true });
    const parts = { whole: 1, exact: 1, some: 3 };
    for (const [key, count] of Object.entries(parts)) {
      const content = randomBytes(key === "whole" ? 8 * MIB - 1 : key === "exact" ? 8 * MIB : 20 * MIB);
      server.log.clear();
      const uploaded = await store.upload(key, sourceOf(content), { mode: "create" });
      const versionId = simulator.bucket("bucket").objects.present(`p/${key}`)?.versionId;
      expect(uploaded).toEqual({ written: true, versionId, hash: hashBytes("sha2-256-chunked", content) });
      expect((await whole(store, key)).equals(content)).toBe(true);
      expect(server.log.count(key === "whole" ? "PutObject" : "UploadPart")).toBe(count);
      expect(await store.upload(key, sourceOf(content), { mode: "create" })).toMatchObject({ written: false });
    }
    const checksum = simulator.bucket("bucket").objects.present("p/some")?.checksum;
    expect(checksum).toMatchObject({ name: "sha256", type: "COMPOSITE" });
    expect(checksum?.value).toBe(`${hashBytes("sha2-256-chunked", await whole(store, "some"))}-3`);
    expect(simulator.bucket("bucket").uploads.size).toBe(0);
  });

  it("whose hashes are known are not hashed again: the server looks whether they are right", async () => {
    const retry = { maxTries: 2, maxMs: 10_000, pauseMs: 1, maxPauseMs: 1 };
    const { store, simulator } = await simulatedStore({ store: { retry } });
    for (const size of [100, 20 * MIB]) {
      const content = randomBytes(size);
      const digests = await digestChunks(sourceOf(content), undefined);
      const { hash } = await store.upload("right", sourceOf(content), { mode: "overwrite", digests });
      expect(hash).toBe(hashBytes("sha2-256-chunked", content));
      const others = randomBytes(size);
      await expect(store.upload("wrong", sourceOf(others), { mode: "overwrite", digests })).rejects.toThrow(/Mismatch/);
      expect(await store.head("wrong")).toBeUndefined();
    }
    expect(simulator.bucket("bucket").uploads.size).toBe(0);
  });

  it("written in pieces wait in a file without a name, and only when they are large", async () => {
    const spoolDirectory = temporaryDirectory();
    const { store } = await simulatedStore({ store: { spoolDirectory } });
    const content = randomBytes(17 * MIB);
    const writer = store.createWriter();
    for (let at = 0; at < content.length; at += 300_000) writer.write(content.subarray(at, at + 300_000));
    if (process.platform !== "win32") expect(readdirSync(spoolDirectory)).toEqual([]);
    expect(await writer.finish("w", "overwrite")).toBe(true);
    expect((await whole(store, "w")).equals(content)).toBe(true);
  });

  it("are copied by the server, exactly the state that was read, with what is kept beside it", async () => {
    const { store, client, server } = await simulatedStore({ isVersioned: true });
    await store.put("from", bytes("1"), { mode: { replaces: undefined }, note: { n: "1" } });
    const from = await store.inspect("from");
    if (from === undefined) throw new Error("absent");
    await store.put("from", bytes("2"));
    const source = { ...from, bucket: "bucket", key: "p/from" };
    const copy = (options: { etag?: string; to: string; isCreate?: boolean }) =>
      copyObject({ client, newId: randomUUID }, { ...source, etag: options.etag ?? source.etag }, options);
    expect(await copy({ to: "p/to", isCreate: true })).toMatchObject({ written: true });
    expect(await copy({ to: "p/to", isCreate: true })).toMatchObject({ written: false });
    expect(await store.get("to")).toMatchObject({ note: { n: "1" } });
    expect((await whole(store, "to")).toString()).toBe("1");
    expect(await copy({ to: "p/other", etag: '"0"' })).toMatchObject({ written: false });
    expect(server.log.bytes().received).toBeLessThan(5000);
  });

  it("have versions that can be read and listed", async () => {
    const { store, client } = await simulatedStore({ isVersioned: true, limits: { maxKeys: 2 } });
    for (const text of ["1", "2", "3"]) await store.put("k", bytes(text));
    await store.delete("k");
    await store.put("k2", bytes("x"));
    const found: { key: string; versionId: string; isDeleteMarker: boolean }[] = [];
    for await (const version of listVersions(client, "p/k")) found.push(version);
    const ofK = found.filter(({ key }) => key === "p/k");
    expect(found).toHaveLength(5);
    expect(ofK.filter(({ isDeleteMarker }) => isDeleteMarker)).toHaveLength(1);
    const ids = ofK.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ versionId }) => versionId);
    const texts = await Promise.all(ids.map(async (versionId) => store.get("k", { versionId })));
    expect(texts.map((object) => Buffer.from(object?.bytes ?? []).toString())).toEqual(["3", "2", "1"]);
  });

  it("are listed page by page, prefixes among them in order", async () => {
    const { store, server } = await simulatedStore({ limits: { maxKeys: 3 } });
    const keys = Array.from({ length: 10 }, (_, i) => `d/${i % 2 === 0 ? `${i}/x` : i}`);
    for (const key of keys) await store.put(key, bytes("x"));
    const found: string[] = [];
    for await (const item of store.list("d/", { delimiter: "/" })) found.push("key" in item ? item.key : item.prefix);
    expect(found).toEqual(["d/0/", "d/1", "d/2/", "d/3", "d/4/", "d/5", "d/6/", "d/7", "d/8/", "d/9"]);
    expect(server.log.count("ListObjectsV2")).toBe(4);
  });

  it("are kept where somebody touches them between the look and the deletion", async () => {
    for (const isVersioned of [false, true]) {
      const { store, another } = await simulatedStore({ isVersioned });
      const toucher = another();
      await store.put("k", bytes("1"));
      const inspecting = another({
        // The touch happens right before the request that deletes.
        newId: () => "id",
        transport: async (request, signal) => {
          if (request.method === "DELETE" && !request.url.includes("versionId")) await toucher.touch("k");
          return nodeTransport()(request, signal);
        },
      });
      expect(await inspecting.deleteIfOlder("k", Date.now() + 60_000)).toBe(false);
      expect((await whole(store, "k")).toString()).toBe("1");
    }
  });

  it("of any size are read at any place, from a file without a name when they are large", async () => {
    const { store, server } = await simulatedStore();
    const content = Buffer.alloc(20 << 20, "t4 at any place ");
    const source = { size: content.length, read: async (start: number, end: number) => content.subarray(start, end) };
    await store.upload("large", source, { mode: "overwrite" });
    await store.put("small", content.subarray(0, 100));
    server.log.clear();
    const large = await store.openReader?.("large");
    expect(server.log.count()).toBe(4);
    expect(large?.size).toBe(content.length);
    for (const [offset, length] of [
      [0, 10],
      [(8 << 20) - 5, 10],
      [content.length - 3, 10],
      [content.length, 10],
    ] as const) {
      const expected = content.subarray(offset, offset + length);
      expect(Buffer.from(large?.read(offset, length) ?? []).equals(expected)).toBe(true);
    }
    large?.close();
    const small = await store.openReader?.("small");
    expect(Buffer.from(small?.read(95, 10) ?? []).equals(content.subarray(95, 100))).toBe(true);
    expect(await store.openReader?.("absent")).toBeUndefined();
  });

  it.each(["aws", "moto"] as const)(
    "are read as they were at one time where they change meanwhile: %s",
    async (profile) => {
      const { store, another } = await simulatedStore({ profile });
      const write = (text: string) => store.upload("k", sourceOf(Buffer.alloc(9 * MIB, text)), { mode: "overwrite" });
      /** A reader opened while somebody does something right before its `nth` request. */
      const openedWhile = async (nth: number, change: (requests: number) => Promise<unknown>) => {
        const transport = nodeTransport();
        let requests = 0;
        const reading = another({
          transport: async (request, signal) => {
            if (++requests >= nth) await change(requests);
            // One of them looks at signatures, to the other the condition does not come.
            const { "if-match": _, ...headers } = request.headers;
            return transport(profile === "aws" ? request : { ...request, headers }, signal);
          },
        });
        try {
          return await reading.openReader?.("k");
        } finally {
          transport.close();
        }
      };
      // Before the head, and before the last part.
      for (const nth of [2, 3]) {
        await write("old ");
        const reader = await openedWhile(nth, async (requests) => requests === nth && write("new "));
        expect(Buffer.from(reader?.read(0, 10 * MIB) ?? []).equals(Buffer.alloc(9 * MIB, "new "))).toBe(true);
        reader?.close();
      }
      await write("old ");
      const small = await openedWhile(2, async (requests) => requests === 2 && store.put("k", bytes("new")));
      expect(small?.size).toBe(3);
      await write("old ");
      expect(await openedWhile(2, async () => store.delete("k"))).toBeUndefined();
      await write("old ");
      await expect(openedWhile(2, async (requests) => write(`${requests} `))).rejects.toMatchObject({
        code: "ERR_T4_SOURCE_CHANGED",
        message: expect.stringContaining("each time"),
      });
    },
  );
});
