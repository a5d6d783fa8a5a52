import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyPackage, openRegistry, Package, type Revision } from "#t4/index.js";
import { enterBuckets, foreignClient, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

let served: ServedBuckets;
let root: string;
let from: string;

beforeEach(async () => {
  served = await enterBuckets();
  root = temporaryDirectory();
  from = join(root, "from");
});
afterEach(() => served.close());

/** Publishes a revision for each text; returns their top hashes, the first one first. */
async function makeHistory(texts: readonly string[], registry = from): Promise<string[]> {
  const hashes: string[] = [];
  const pkg = new Package();
  for (const text of texts) {
    await pkg.setText("changes.txt", text);
    await pkg.setText("stays.txt", "the same");
    hashes.push(await pkg.push("alice/w", registry, { message: `says ${text}` }));
  }
  return hashes;
}

/** Gives the revisions of a folder other times, an hour apart, as if another client had made them long ago. */
function longAgo(hashes: readonly string[]): void {
  rmSync(join(from, ".quilt/t4/locks"), { recursive: true });
  const pointers = join(from, ".quilt/named_packages/alice/w");
  for (const name of readdirSync(pointers)) if (name !== "latest") rmSync(join(pointers, name));
  for (const [index, hash] of hashes.entries()) writeFileSync(join(pointers, String(LONG_AGO + index * 3600)), hash);
}

/** Seconds since 1970. */
const LONG_AGO = 1_600_000_000;

async function logOf(registry: string): Promise<Revision[]> {
  const found: Revision[] = [];
  for await (const revision of (await openRegistry(registry)).log("alice/w")) found.push(revision);
  return found.reverse();
}

const hashesIn = async (registry: string): Promise<string[]> => (await logOf(registry)).map(({ topHash }) => topHash);
const copy = (to: string, options: Parameters<typeof copyPackage>[2] = {}) =>
  copyPackage("alice/w", to, { registry: from, history: true, ...options });

describe.each([
  ["a folder", () => join(root, "to")],
  ["a bucket with versions", () => "s3://versioned/mirror"],
  ["a bucket without", () => "s3://plain"],
])("a history that is copied to %s", (_, place) => {
  it("has the same revisions in the same order, and goes on when there are more", async () => {
    const to = place();
    // The third one is the first one again.
    const hashes = await makeHistory(["1", "2", "1"]);
    expect(hashes[2]).toBe(hashes[0]);
    expect(await copy(to)).toMatchObject({ copied: hashes, topHash: hashes[2], isPublished: true });
    expect(await hashesIn(to)).toEqual(hashes);
    for (const [index, text] of ["1", "2"].entries()) {
      const pkg = await Package.browse("alice/w", { registry: to, topHash: hashes[index] });
      expect([await pkg.entry("changes.txt").text(), pkg.message]).toEqual([text, `says ${text}`]);
    }
    expect(await copy(to)).toMatchObject({ copied: [], topHash: hashes[2], isPublished: false });
    const more = await makeHistory(["3"]);
    expect(await copy(to, { dryRun: true })).toMatchObject({ copied: more, isPublished: false });
    expect(await hashesIn(to)).toEqual(hashes);
    expect(await copy(to)).toMatchObject({ copied: more, topHash: more[0] });
    expect(await hashesIn(to)).toEqual([...hashes, ...more]);
    expect(await (await openRegistry(to)).fsck({ readData: true })).toEqual([]);
  });
});

it("keeps the times of a history that is copied to a bucket and back", async () => {
  const hashes = await makeHistory(["1", "2", "3"]);
  longAgo(hashes);
  await copy("s3://versioned");
  const back = join(root, "back");
  await copyPackage("alice/w", back, { registry: "s3://versioned", history: true });
  const places = async (where: string) => (await logOf(where)).map(({ topHash, time }) => [topHash, time.getTime()]);
  const expected = hashes.map((hash, index) => [hash, (LONG_AGO + index * 3600) * 1000]);
  expect(await places(from)).toEqual(expected);
  expect(await places("s3://versioned")).toEqual(expected);
  expect(await places(back)).toEqual(expected);
});

it("puts no revision after now, whatever its pointer says", async () => {
  const [hash = ""] = await makeHistory(["1"]);
  longAgo([hash]);
  const pointers = join(from, ".quilt/named_packages/alice/w");
  renameSync(join(pointers, String(LONG_AGO)), join(pointers, "4000000000"));
  await copy("s3://plain");
  expect((await logOf("s3://plain")).map(({ time }) => time.getTime() <= Date.now())).toEqual([true]);
});

it("makes that the latest which is it there", async () => {
  const hashes = await makeHistory(["1", "2", "3"]);
  const to = join(root, "to");
  await copy(to);
  await (await openRegistry(from)).rollback("alice/w", "latest~1");
  expect(await copy(to)).toMatchObject({ copied: [], topHash: hashes[1] });
  expect(await (await openRegistry(to)).resolve("alice/w")).toBe(hashes[1]);
  expect(await hashesIn(to)).toEqual(hashes);
  await (await Package.browse("alice/w", { registry: from })).push("alice/w", from, { message: "on top" });
  await copy(to);
  expect(await hashesIn(to)).toEqual(await hashesIn(from));
});

it("goes on where it was broken off", async () => {
  const hashes = await makeHistory(["1", "2", "3"]);
  const to = "s3://plain";
  const fault = { kind: "redirect", location: "http://127.0.0.1:1/" } as const;
  served.server.setFaults(
    scriptedFaults([{ operation: "PutObject", key: new RegExp(`packages/${hashes[1]}`), times: 99, fault }]),
  );
  await expect(copy(to)).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
  served.server.setFaults(() => undefined);
  expect(await hashesIn(to)).toEqual(hashes.slice(0, 1));
  expect((await copy(to)).copied).toEqual(hashes.slice(1));
  expect(await hashesIn(to)).toEqual(hashes);
});

it("goes on top of no other history, and touches nothing then", async () => {
  const hashes = await makeHistory(["1", "2"]);
  const to = join(root, "to");
  const theirs = await makeHistory(["other"], to);
  await expect(copy(to)).rejects.toMatchObject({
    code: "ERR_T4_CONFLICT",
    facts: { place: 1, expected: hashes[0], found: theirs[0] },
  });
  expect(await hashesIn(to)).toEqual(theirs);
  const longer = join(root, "longer");
  await copy(longer);
  const last = await makeHistory(["3"], longer);
  await expect(copy(longer)).rejects.toMatchObject({ facts: { place: 3, expected: null, found: last[0] } });
});

it("is all of a package, and never put on top by force", async () => {
  await makeHistory(["1"]);
  const usage = { code: "ERR_T4_USAGE" };
  const to = join(root, "to");
  await expect(copy(to, { force: true })).rejects.toMatchObject(usage);
  await expect(copyPackage("alice/w@latest~1", to, { registry: from, history: true })).rejects.toMatchObject(usage);
  await expect(copyPackage("alice/none", to, { registry: from, history: true })).rejects.toMatchObject({
    code: "ERR_T4_NOT_FOUND",
  });
});

describe("a revision that is copied", () => {
  const workflows = (registry: string, more = ""): void => {
    mkdirSync(join(registry, ".quilt/workflows"), { recursive: true });
    const text = `version: "1"\nis_workflow_required: true\ndefault_workflow: w\nworkflows:\n  w:\n    name: W\n${more}`;
    writeFileSync(join(registry, ".quilt/workflows/config.yml"), text);
  };
  const to = (): string => join(root, "to");
  const once = () => copyPackage("alice/w", to(), { registry: from });

  it("keeps its top hash with what it says of the workflow that it was made under", async () => {
    workflows(from);
    const [topHash] = await makeHistory(["1"]);
    expect(await once()).toMatchObject({ topHash, copied: [topHash], isPublished: true });
    expect((await Package.browse("alice/w", { registry: to() })).workflow).toMatchObject({ id: "w" });
    expect(await once()).toMatchObject({ topHash, copied: [], isPublished: false });
  });

  it("is held to the rules of the registry that gets it", async () => {
    workflows(from);
    await (await new Package().setText("a.txt", "a")).push("alice/w", from);
    workflows(to(), "    is_message_required: true\n");
    await expect(once()).rejects.toMatchObject({ code: "ERR_T4_WORKFLOW" });
  });

  it("keeps a top hash that another client made without naming a message", async () => {
    const manifest = `{"version": "v0"}\n`;
    const topHash = (await Package.load(Buffer.from(manifest))).topHash();
    const client = foreignClient(served);
    const write = (key: string, body: string) => client.send({ method: "PUT", bucket: "plain", key, body });
    await write(`.quilt/packages/${topHash}`, manifest);
    await write(".quilt/named_packages/alice/w/latest", topHash);
    await write(".quilt/named_packages/alice/w/1600000000", topHash);
    client.close();
    for (const history of [false, true]) {
      const target = join(root, String(history));
      expect(await copyPackage("alice/w", target, { registry: "s3://plain", history })).toMatchObject({ topHash });
      expect(await hashesIn(target)).toEqual([topHash]);
    }
  });

  it("is refused where T4 cannot compute the hashes that its top hash stands on", async () => {
    const manifest = [
      '{"version": "v0"}',
      `{"logical_key": "a", "physical_keys": ["s3://plain/a"], "size": 1, "hash": {"type": "MD5", "value": "0cc175b9"}, "meta": {}}`,
    ].join("\n");
    const topHash = (await Package.load(Buffer.from(`${manifest}\n`))).topHash();
    const client = foreignClient(served);
    const write = (key: string, body: string) => client.send({ method: "PUT", bucket: "plain", key, body });
    await write("a", "a");
    await write(`.quilt/packages/${topHash}`, `${manifest}\n`);
    await write(".quilt/named_packages/alice/w/latest", topHash);
    client.close();
    const copied = copyPackage("alice/w", to(), { registry: "s3://plain" });
    await expect(copied).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED", facts: { expected: topHash } });
    expect(await (await openRegistry(to())).log("alice/w")[Symbol.asyncIterator]().next()).toMatchObject({
      done: true,
    });
  });
});
