import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bucket, Package } from "#t4/index.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";
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

/** A local directory with the bytes that the registry had once. */
function localData(text: string): string {
  const directory = join(root, "local");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "a.txt"), text);
  return directory;
}

describe.each(["plain", "folder"])("a file without versions that was overwritten since: %s", (kind) => {
  const registryOf = (): string => (kind === "folder" ? join(root, "folder") : "s3://plain");

  async function registerThenOverwrite(): Promise<void> {
    const bucket = new Bucket(registryOf());
    await bucket.put("raw/a.txt", "right");
    const pkg = await new Package().setDir("", `${registryOf()}/raw/`);
    await pkg.push("alice/w", registryOf(), { copy: "none" });
    expect(pkg.entry("a.txt").physicalKey).toContain("/raw/a.txt");
    await bucket.put("raw/a.txt", "wrong");
  }

  it("is not what a push of the right bytes stands on", async () => {
    await registerThenOverwrite();
    const again = await new Package().setDir("", localData("right"));
    await again.push("alice/w", registryOf(), { force: true });
    const pkg = await Package.install("alice/w", { registry: registryOf(), dest: join(root, "copy") });
    expect(await pkg.entry("a.txt").text()).toBe("right");
  });

  it("is not what a push of bytes with a known hash stands on", async () => {
    await registerThenOverwrite();
    const own = join(root, "own");
    await (await new Package().setDir("", localData("right"))).push("alice/w", own);
    const again = await Package.browse("alice/w", { registry: own });
    await again.push("alice/w", registryOf(), { force: true });
    expect(await (await Package.browse("alice/w", { registry: registryOf() })).entry("a.txt").text()).toBe("right");
  });
});

it("a registered version is used again, whatever came on top of it", async () => {
  const bucket = new Bucket("s3://versioned");
  await bucket.put("raw/a.txt", "right");
  const pkg = await new Package().setDir("", "s3://versioned/raw/");
  await pkg.push("alice/w", "s3://versioned");
  const key = pkg.entry("a.txt").physicalKey;
  await bucket.put("raw/a.txt", "wrong");
  const again = await new Package().setDir("", localData("right"));
  await again.push("alice/w", "s3://versioned", { force: true });
  expect(again.entry("a.txt").physicalKey).toBe(key);
  expect(await again.entry("a.txt").text()).toBe("right");
});

it("a state without a version of its own, as a bucket with suspended versions has it, is not", async () => {
  served.simulator.bucket("versioned").versioning = "Suspended";
  const bucket = new Bucket("s3://versioned");
  await bucket.put("raw/a.txt", "right");
  const pkg = await new Package().set("a.txt", "s3://versioned/raw/a.txt?versionId=null");
  await pkg.push("alice/w", "s3://versioned");
  expect(pkg.entry("a.txt").physicalKey).toBe("s3://versioned/raw/a.txt?versionId=null");
  await bucket.put("raw/a.txt", "wrong");
  const again = await new Package().setDir("", localData("right"));
  await again.push("alice/w", "s3://versioned", { force: true });
  expect(await again.entry("a.txt").text()).toBe("right");
});

describe("a file of its own name in a bucket without versions", () => {
  const push = async (text: string): Promise<Package> => {
    const pkg = await new Package().setText("a.txt", text);
    await pkg.push("alice/w", "s3://plain", { dest: "own", force: true });
    return pkg;
  };

  it("is looked at, and not read where the server keeps its checksum", async () => {
    await push("right");
    served.server.log.clear();
    expect((await push("right")).entry("a.txt").physicalKey).toBe("s3://plain/own/a.txt");
    expect(served.server.log.entries.filter(({ key, method }) => key === "own/a.txt" && method === "GET")).toEqual([]);
  });

  it("that somebody overwrote is named", async () => {
    await push("right");
    await new Bucket("s3://plain").put("own/a.txt", "wrong");
    await expect(push("right")).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
  });
});
