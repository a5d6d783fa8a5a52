import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import type { Fault } from "testkit/s3/fault.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { copyPackage, openRegistry, Package } from "#t4/index.js";
import { openJournal } from "#t4/package/places/upload-journal.js";
import { BIN } from "../cli/scratch.js";
import { foreignClient, type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

const MEBIBYTE = 1 << 20;
const PART = 8 * MEBIBYTE;
/** The last one is short. */
const PARTS = 5;
const SIZE = (PARTS - 1) * PART + MEBIBYTE;
const ELSEWHERE = { kind: "redirect", location: "http://127.0.0.1:1/" } as const;

let served: ServedBuckets;
let leave: () => void;
let root: string;

/** Bytes of which no two parts are equal. */
function write(path: string, size = SIZE): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) bytes.writeUInt32LE(at, at);
  writeFileSync(path, bytes);
  return bytes;
}

async function begin(options: Parameters<typeof serveBuckets>[0] = {}): Promise<void> {
  served = await serveBuckets(options);
  leave = enterEnvironment(served.env);
  root = temporaryDirectory();
}

afterEach(async () => {
  leave();
  await served.close();
});

const count = (operation: Parameters<ServedBuckets["server"]["log"]["count"]>[0]): number =>
  served.server.log.count(operation);
/** Parts that the server has acknowledged. */
const sentParts = (): number =>
  served.server.log.entries.filter(({ operation, status }) => operation === "UploadPart" && status === 200).length;

const numberIn = (url: string): number[] => [/partNumber=([0-9]+)/.exec(url)?.[1] ?? []].flat().map(Number);
const sentNumbers = (): number[] => served.server.log.entries.flatMap(({ url }) => numberIn(url));

async function expectInstalled(registry: string, bytes: Buffer): Promise<void> {
  await Package.install("alice/w", { registry, dest: join(root, "copy") });
  expect(readFileSync(join(root, "copy/large.bin")).equals(bytes)).toBe(true);
}

const push = async (registry: string): Promise<string> =>
  (await new Package().set("large.bin", join(root, "large.bin"))).push("alice/w", registry);

/** A push of which the last part is refused; gives the parts that the server had acknowledged by then. Others may still come. */
async function brokenPush(registry: string): Promise<readonly number[]> {
  // The last part begins when the first one is done.
  served.server.setFaults(scriptedFaults([{ operation: "UploadPart", nth: PARTS, times: 99, fault: ELSEWHERE }]));
  await expect(push(registry)).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
  served.server.setFaults(() => undefined);
  const sent = served.server.log.entries.filter(({ status }) => status === 200).flatMap(({ url }) => numberIn(url));
  served.server.log.clear();
  return sent;
}

describe.each([
  ["versioned", "aws"],
  ["plain", "ceph-16"],
] as const)("a push of a large file that was broken off, %s on %s", (bucket, profile) => {
  const registry = `s3://${bucket}`;
  const uploads = () => served.simulator.bucket(bucket).uploads;
  let bytes: Buffer;
  beforeEach(async () => {
    await begin({ profile });
    bytes = write(join(root, "large.bin"));
  });

  it("goes on at the part where it stopped, and leaves nothing behind", async () => {
    const sent = await brokenPush(registry);
    expect(sent.length).toBeGreaterThanOrEqual(1);
    expect(uploads().size).toBe(1);
    await push(registry);
    expect(count("CreateMultipartUpload")).toBe(0);
    expect(count("ListParts")).toBe(1);
    // Where the server tells no checksums, a part counts when its answer came.
    const again = sent.filter((number) => sentNumbers().includes(number));
    if (profile === "aws") expect(again).toEqual([]);
    else expect(again.length).toBeLessThan(sent.length);
    expect(uploads().size).toBe(0);
    await expectInstalled(registry, bytes);
  });
});

describe("a push of a large file that was broken off", () => {
  const registry = "s3://versioned";
  const uploads = () => served.simulator.bucket("versioned").uploads;
  let bytes: Buffer;
  beforeEach(async () => {
    await begin();
    bytes = write(join(root, "large.bin"));
  });

  it("sends anew what changed since: a part, or what somebody else put in its place", async () => {
    await brokenPush(registry);
    const [upload] = [...uploads().values()];
    const client = foreignClient(served);
    const first = Math.min(...(upload?.parts.keys() ?? []));
    const query = { partNumber: String(first), uploadId: upload?.id ?? "" };
    const body = Buffer.alloc(PART, "x");
    const headers = { "x-amz-checksum-sha256": createHash("sha256").update(body).digest("base64") };
    await client.send({ method: "PUT", bucket: "versioned", key: upload?.key ?? "", query, body, headers });
    client.close();
    served.server.log.clear();
    await push(registry);
    expect(sentNumbers()).toContain(first);
    await expectInstalled(registry, bytes);
  });

  it("sends the parts of the file that were changed meanwhile", async () => {
    const sent = await brokenPush(registry);
    const file = openSync(join(root, "large.bin"), "r+");
    writeSync(file, "other", 5);
    closeSync(file);
    await push(registry);
    expect(count("CreateMultipartUpload")).toBe(0);
    expect(sentNumbers()).toContain(1);
    expect(sent.filter((number) => number > 1 && sentNumbers().includes(number))).toEqual([]);
    await expectInstalled(registry, readFileSync(join(root, "large.bin")));
  });

  it("begins anew where the file has another size, or the upload is gone", async () => {
    await brokenPush(registry);
    bytes = write(join(root, "large.bin"), SIZE - 1000);
    await brokenPush(registry);
    expect(uploads().size).toBe(1);
    uploads().clear();
    await push(registry);
    expect(sentParts()).toBe(PARTS);
    expect(uploads().size).toBe(0);
    await expectInstalled(registry, bytes);
  });

  it("is dropped by a collection when nobody goes on with it", async () => {
    await (await new Package().setText("a", "a")).push("alice/w", registry);
    await brokenPush(registry).catch(() => undefined);
    const open = await openRegistry(registry);
    expect((await open.collectGarbage({ dryRun: false, graceMs: 0 })).uploads).toEqual(["alice/w/large.bin"]);
    expect(uploads().size).toBe(0);
  });

  it("goes on after kill -9", async () => {
    served.server.setFaults(scriptedFaults([{ operation: "UploadPart", nth: 4, times: 99, fault: { kind: "stall" } }]));
    const data = join(root, "data");
    mkdirSync(data);
    renameSync(join(root, "large.bin"), join(data, "large.bin"));
    const argv = [BIN, "push", "alice/w", data, registry];
    const child = spawn(process.execPath, argv, { env: { PATH: process.env["PATH"], ...served.env }, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await vi.waitUntil(() => sentParts() === 3 && journalLines() >= 4, { timeout: 60_000, interval: 20 });
    child.kill("SIGKILL");
    await ended;
    served.server.setFaults(() => undefined);
    served.server.log.clear();
    await (await new Package().setDir("", data)).push("alice/w", registry);
    expect(count("CreateMultipartUpload")).toBe(0);
    expect(sentParts()).toBe(PARTS - 3);
    await expectInstalled(registry, bytes);
  });

  /** Lines of all journals of uploads. */
  function journalLines(): number {
    const directory = join(served.env["HOME"] as string, ".cache/T4/uploads");
    if (!existsSync(directory)) return 0;
    const texts = readdirSync(directory).map((name) => readFileSync(join(directory, name), "utf8"));
    return texts.join("").split("\n").length - 1;
  }

  it("leaves nothing on the server where it could not be remembered", async () => {
    writeFileSync(join(served.env["HOME"] as string, ".cache"), "");
    await brokenPush(registry);
    expect(uploads().size).toBe(0);
  });

  it("is left to its process while that goes on with it", () => {
    const open = () => openJournal(["a registry", "alice/w"]).uploadTo("key");
    const own = open();
    own.begun({ uploadId: "1", size: SIZE, writeId: "w" });
    own.sent({ number: 1, etag: "e", checksum: "c" });
    expect(open().take()).toBeUndefined();
    own.left();
    const journal = openJournal(["a registry", "alice/w"]);
    expect(journal.uploadTo("key").take()).toMatchObject({ uploadId: "1", size: SIZE, writeId: "w" });
    expect(journal.uploadTo("key").take()).toBeUndefined();
  });
});

/** Work that fetches a large file, as a process and in this one, and where it leaves what it had. */
interface Fetching {
  readonly argv: readonly string[];
  readonly run: () => Promise<unknown>;
  /** Directory of temporary files. */
  readonly temporary: string;
  /** The bytes that it brought. */
  readonly brought: () => Promise<Uint8Array>;
}

describe.each(["an install", "a copy to a folder"])("%s of a large file that was broken off", (what) => {
  const registry = "s3://plain";
  let bytes: Buffer;
  let fetching: Fetching;
  beforeEach(async () => {
    await begin();
    bytes = write(join(root, "large.bin"));
    await push(registry);
    const dest = join(root, "copy");
    fetching =
      what === "an install"
        ? {
            argv: ["install", "alice/w", "--registry", registry, "--dest", dest],
            run: () => Package.install("alice/w", { registry, dest }),
            temporary: join(dest, ".t4/tmp"),
            brought: async () => readFileSync(join(dest, "large.bin")),
          }
        : {
            argv: ["copy", "alice/w", registry, dest],
            run: () => copyPackage("alice/w", dest, { registry }),
            temporary: join(dest, ".quilt/t4/tmp"),
            brought: async () => (await Package.browse("alice/w", { registry: dest })).entry("large.bin").bytes(),
          };
  });

  const temporary = (): string[] => (existsSync(fetching.temporary) ? readdirSync(fetching.temporary) : []);
  const startOf = (headers: Readonly<Record<string, string>>): number =>
    Number(/^bytes=([0-9]+)-/.exec(headers["range"] ?? "")?.[1] ?? 0);
  /** Where the parts begin that were asked for since the log was cleared. */
  const asked = (): number[] =>
    served.server.log.entries.filter(({ key }) => key.includes("/objects/")).map(({ headers }) => startOf(headers));

  /** Spoils every answer with bytes from a part on, counted from 0. */
  function spoilFrom(part: number, fault: Fault): void {
    served.server.setFaults(({ operation, key, headers }) =>
      operation === "GetObject" && key.includes("/objects/") && startOf(headers) >= part * PART ? fault : undefined,
    );
  }

  async function broken(): Promise<void> {
    // The last part is asked for when the first one is there.
    spoilFrom(PARTS - 1, ELSEWHERE);
    await expect(fetching.run()).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    served.server.setFaults(() => undefined);
    served.server.log.clear();
  }

  async function expectBrought(): Promise<void> {
    await fetching.run();
    expect(bytes.equals(await fetching.brought())).toBe(true);
    expect(temporary()).toEqual([]);
  }

  it("goes on at the part where it stopped", async () => {
    await broken();
    expect(temporary()).toHaveLength(1);
    await expectBrought();
    expect(asked()).not.toContain(0);
  });

  it("takes nothing of a beginning that was spoiled", async () => {
    await broken();
    const file = openSync(join(fetching.temporary, temporary()[0] as string), "r+");
    writeSync(file, "spoiled", 100);
    closeSync(file);
    await expectBrought();
    expect(asked()).toContain(0);
  });

  it("goes on behind the last whole part of what was cut off in the middle of one", async () => {
    await broken();
    truncateSync(join(fetching.temporary, temporary()[0] as string), PART + 5);
    await expectBrought();
    expect(Math.min(...asked())).toBe(PART);
  });

  it("goes on after kill -9", async () => {
    spoilFrom(3, { kind: "stall" });
    const env = { PATH: process.env["PATH"], ...served.env };
    const child = spawn(process.execPath, [BIN, ...fetching.argv], { env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const written = (): number =>
      Math.max(0, ...temporary().map((name) => statSync(join(fetching.temporary, name)).size));
    await vi.waitUntil(() => written() >= 3 * PART, { timeout: 60_000, interval: 20 });
    child.kill("SIGKILL");
    await ended;
    served.server.setFaults(() => undefined);
    served.server.log.clear();
    await expectBrought();
    expect(Math.min(...asked())).toBe(3 * PART);
  });
});
