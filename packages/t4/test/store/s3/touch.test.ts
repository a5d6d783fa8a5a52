import { expect, it } from "vitest";
import { nodeTransport } from "#t4/store/s3/node-transport.js";
import type { S3Store } from "#t4/store/s3/s3-store.js";
import { simulatedStore } from "./simulated-store.js";

const MIB = 1 << 20;
const LATER_MS = 60_000;

/** A store whose copies begin right after somebody else did something. */
async function storeWhile(act: (other: S3Store) => Promise<unknown>, isVersioned = false) {
  const { store, simulator, another } = await simulatedStore({ isVersioned });
  const transport = nodeTransport();
  let isDone = false;
  const meanwhile = another({
    async transport(request, signal) {
      if (request.headers["x-amz-copy-source"] !== undefined && !isDone) {
        isDone = true;
        await act(store);
      }
      return transport(request, signal);
    },
  });
  return { store, meanwhile, simulator, close: () => transport.close() };
}

/** Objects whose copies differ: in a part, at once, and in more parts than one. */
const OBJECTS = {
  async small(store: S3Store): Promise<unknown> {
    return store.put("k", Buffer.from("bytes"));
  },
  async "touched before"(store: S3Store): Promise<unknown> {
    await store.put("k", Buffer.from("bytes"));
    return store.touch("k");
  },
  async large(store: S3Store): Promise<unknown> {
    const content = Buffer.alloc(9 * MIB, "t4 ");
    const source = { size: content.length, read: async (start: number, end: number) => content.subarray(start, end) };
    return store.upload("k", source, { mode: "overwrite" });
  },
};

const collect = (other: S3Store): Promise<boolean> => other.deleteIfOlder("k", Date.now() + LATER_MS);

it.each(Object.entries(OBJECTS))(
  "what garbage collection removes in the moment of a touch is not touched: %s",
  async (_, write) => {
    const { store, meanwhile, simulator, close } = await storeWhile(async (other) =>
      expect(await collect(other)).toBe(true),
    );
    await write(store);
    expect(await meanwhile.touch("k")).toBe(false);
    expect(await store.inspect("k")).toBeUndefined();
    expect(simulator.bucket("bucket").uploads.size).toBe(0);
    close();
  },
);

it.each(Object.entries(OBJECTS))(
  "what somebody writes in the moment of a touch has a new time: %s",
  async (_, write) => {
    const { store, meanwhile, close } = await storeWhile((other) => other.put("k", Buffer.from("others")));
    await write(store);
    expect(await meanwhile.touch("k")).toBe(true);
    expect(Buffer.from((await store.get("k"))?.bytes ?? []).toString()).toBe("others");
    close();
  },
);

it("what is removed from a bucket with versions in the moment of a touch is there again", async () => {
  const { store, meanwhile, close } = await storeWhile(collect, true);
  await OBJECTS.small(store);
  expect(await meanwhile.touch("k")).toBe(true);
  expect(Buffer.from((await store.get("k"))?.bytes ?? []).toString()).toBe("bytes");
  close();
});

it("what the server does not copy, although it is there, is not said to be touched", async () => {
  const { store, another } = await simulatedStore();
  const transport = nodeTransport();
  const refused = another({
    transport: async (request, signal) =>
      request.headers["x-amz-copy-source"] === undefined
        ? transport(request, signal)
        : { status: 412, headers: {}, body: Buffer.from("<Error><Code>PreconditionFailed</Code></Error>") },
  });
  for (const kind of ["small", "touched before"] as const) {
    await OBJECTS[kind](store);
    await expect(refused.touch("k")).rejects.toMatchObject({
      code: "ERR_T4_IO",
      message: expect.stringContaining("did not copy s3://bucket/p/k onto itself") as string,
    });
  }
  transport.close();
});

it.each(["small", "touched before", "large"] as const)(
  "what is touched keeps its storage class and its key, and names no defaults: %s",
  async (kind) => {
    const { store, simulator } = await simulatedStore();
    await OBJECTS[kind](store);
    const { objects } = simulator.bucket("bucket");
    const storage = {
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:1:key/k",
      "x-amz-server-side-encryption-bucket-key-enabled": "true",
    };
    const storedAs = (headers: Readonly<Record<string, string>>): void => {
      const object = objects.present("p/k");
      if (object !== undefined) objects.add({ ...object, headers: { ...object.headers, ...headers } });
    };
    storedAs(storage);
    expect(await store.touch("k")).toBe(true);
    expect(objects.present("p/k")?.headers).toMatchObject(storage);
    storedAs({ ...storage, "x-amz-storage-class": "STANDARD", "x-amz-server-side-encryption": "AES256" });
    expect(await store.touch("k")).toBe(true);
    expect(objects.present("p/k")?.headers).not.toHaveProperty("x-amz-storage-class");
    expect(objects.present("p/k")?.headers).not.toHaveProperty("x-amz-server-side-encryption");
  },
);
