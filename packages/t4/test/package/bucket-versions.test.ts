import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";

let served: ServedBuckets;

beforeEach(async () => {
  served = await enterBuckets();
});
afterEach(async () => {
  await served.close();
});

const REGISTRY = "s3://versioned";
const LARGE_BYTES = 9 << 20;

const suspend = (): void => void (served.simulator.bucket("versioned").versioning = "Suspended");
const contentOf = (text: string, size: number): Buffer => Buffer.alloc(size, `${text} `);

async function push(text: string, size: number): Promise<string> {
  const pkg = await new Package().setBytes("a.bin", contentOf(text, size));
  return pkg.push("alice/w", REGISTRY, { force: true });
}

/** What is wrong with the bytes of each revision. */
async function faultsOf(revisions: Readonly<Record<string, string>>, size: number): Promise<readonly unknown[]> {
  const wrong: unknown[] = [];
  for (const [topHash, text] of Object.entries(revisions)) {
    const pkg = await Package.browse("alice/w", { registry: REGISTRY, topHash });
    if (!contentOf(text, size).equals(await pkg.entry("a.bin").bytes())) wrong.push(text);
  }
  return [...wrong, ...(await (await openRegistry(REGISTRY)).fsck({ readData: true }))];
}

describe.each([10, LARGE_BYTES])(
  "a bucket whose versions are suspended loses no revision, files of %i bytes",
  (size) => {
    it("between two pushes of one process", async () => {
      const revisions = { [await push("one", size)]: "one" };
      suspend();
      for (const text of ["two", "three"]) revisions[await push(text, size)] = text;
      expect(await faultsOf(revisions, size)).toEqual([]);
    });

    it("while a push is under way", async () => {
      let writes = 0;
      served.server.setFaults(({ operation, key }) => {
        const isWrite = operation === "PutObject" || operation === "CreateMultipartUpload";
        if (isWrite && key.endsWith("alice/w/a.bin") && ++writes === 1) suspend();
        return undefined;
      });
      const revisions: Record<string, string> = {};
      for (const text of ["one", "two"]) revisions[await push(text, size)] = text;
      expect(writes).toBe(1);
      expect(await faultsOf(revisions, size)).toEqual([]);
    });

    it("while the server copies", async () => {
      const names = ["one", "two"];
      for (const name of names) {
        const pkg = await new Package().setBytes("a.bin", contentOf(name, size));
        await pkg.push(`bob/${name}`, "s3://plain");
      }
      let copies = 0;
      served.server.setFaults(({ operation, key }) => {
        const isCopy = operation === "CopyObject" || operation === "CreateMultipartUpload";
        if (isCopy && key.endsWith("alice/w/a.bin") && ++copies === 1) suspend();
        return undefined;
      });
      const revisions: Record<string, string> = {};
      for (const name of names) {
        const pkg = await Package.browse(`bob/${name}`, { registry: "s3://plain" });
        revisions[await pkg.push("alice/w", REGISTRY, { force: true })] = name;
      }
      expect(copies).toBe(1);
      expect(await faultsOf(revisions, size)).toEqual([]);
    });
  },
);
