import { truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import type { UploadJob } from "#t4/transfer/file-job.js";
import { uploadFile } from "#t4/transfer/upload-file.js";
import { temporaryDirectory } from "../temporary.js";

/** Of three parts. */
const LARGE = Buffer.alloc(20 << 20, "t4 ");

/** A job that asks for a hash of its own, so that the bytes are read before they are sent. */
function jobOf(source: UploadJob["source"], keep: UploadJob["keep"]): UploadJob {
  return { kind: "upload", source, types: ["SHA256"], keep };
}

function largeFile(): { readonly path: string } {
  const path = join(temporaryDirectory(), "large");
  writeFileSync(path, LARGE);
  return { path };
}

const sources = {
  "a file": largeFile,
  "bytes in memory": () => ({ content: LARGE }),
  "a remote object": () => ({
    url: "s3://bucket/key",
    size: LARGE.length,
    read: async (start: number, end: number) => LARGE.subarray(start, end),
  }),
};

describe.each(Object.entries(sources))("hashing %s before it is sent", (_, source) => {
  const signal = new AbortController().signal;

  it("comes to the right hash", async () => {
    const hash = hashBytes("sha2-256-chunked", LARGE);
    const keep = async () => ({ url: "s3://bucket/to", hash });
    const { values } = await uploadFile(jobOf(source(), keep), { signal, onBytes: () => undefined });
    expect(values).toEqual({ SHA256: hashBytes("SHA256", LARGE), "sha2-256-chunked": hash });
  });
});

describe("hashing a file before it is sent", () => {
  it("notices a change between two reads before it gives the second", async () => {
    const { path } = largeFile();
    const signal = new AbortController().signal;
    let reads = 0;
    const keep: UploadJob["keep"] = async ({ read }) => {
      for (;;) {
        await read(0, 10);
        reads++;
        writeFileSync(path, Buffer.alloc(LARGE.length, "4t "));
      }
    };
    const job: UploadJob = { kind: "upload", source: { path }, types: [], keep };
    const sent = uploadFile(job, { signal, onBytes: () => undefined });
    await expect(sent).rejects.toMatchObject({ code: "ERR_T4_SOURCE_CHANGED" });
    expect(reads).toBe(1);
  });

  it("lets others have their turn, and ends when it is to", async () => {
    const path = join(temporaryDirectory(), "large");
    // More parts than are read at once.
    writeFileSync(path, "");
    truncateSync(path, 80 << 20);
    const abort = new AbortController();
    let isKept = false;
    const keep = async () => {
      isKept = true;
      return { url: "", hash: "" };
    };
    setImmediate(() => abort.abort(new Error("enough")));
    const options = { signal: abort.signal, onBytes: () => undefined };
    await expect(uploadFile(jobOf({ path }, keep), options)).rejects.toThrow("enough");
    expect(isKept).toBe(false);
  });

  it("refuses one that changes meanwhile", async () => {
    const { path } = largeFile();
    const keep = async () => Promise.reject(new Error("not called"));
    setImmediate(() => utimesSync(path, 1, 1));
    const options = { signal: new AbortController().signal, onBytes: () => undefined };
    await expect(uploadFile(jobOf({ path }, keep), options)).rejects.toThrow(/changed while it was read/);
  });
});

describe("bytes that are sent", () => {
  const signal = new AbortController().signal;
  const hash = hashBytes("sha2-256-chunked", LARGE);

  it("are counted when they are sent, not when they are looked at before", async () => {
    const counted: number[] = [];
    const keep: UploadJob["keep"] = async (bytes) => {
      await bytes.read(0, LARGE.length);
      expect(counted).toEqual([]);
      await bytes.sending.read(0, 1000);
      return { url: "s3://bucket/to", hash };
    };
    await uploadFile(jobOf({ content: LARGE }, keep), { signal, onBytes: (bytes) => counted.push(bytes) });
    // What the place had is as good as sent.
    expect(counted).toEqual([1000, LARGE.length - 1000]);
  });

  it("are counted where the place has them", async () => {
    const counted: number[] = [];
    const held = { type: "sha2-256-chunked", value: hash, size: LARGE.length, url: "s3://bucket/held" } as const;
    const job = { ...jobOf({ content: LARGE }, async () => Promise.reject(new Error("not called"))), held };
    const { url } = await uploadFile(job, { signal, onBytes: (bytes) => counted.push(bytes) });
    expect({ url, counted }).toEqual({ url: held.url, counted: [LARGE.length] });
  });
});
