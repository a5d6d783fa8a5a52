import { createHash } from "node:crypto";
import { enterEnvironment } from "testkit/environment.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { afterEach, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { type ServedBuckets, serveBuckets } from "../served-buckets.js";

let served: ServedBuckets;
let leave: () => void = () => undefined;

const SMALL = 5;
/** Of two parts. */
const LARGE = Buffer.alloc(9 << 20, "t4 ");
/** More than all requests without data need. */
const NO_DATA = 200_000;

/** Serves the buckets with one more, `archive`, that has versions like the first two, and a package in `from`. */
async function serve(from: string, options: Parameters<typeof serveBuckets>[0] = {}): Promise<string> {
  served = await serveBuckets(options);
  leave = enterEnvironment(served.env);
  served.simulator.createBucket("archive", { versioning: "Enabled" });
  served.simulator.createBucket("plain-archive");
  const pkg = new Package();
  for (let i = 0; i < SMALL; i++) await pkg.setText(`f${i}.txt`, `content ${i}`);
  await pkg.setBytes("large.bin", LARGE);
  return pkg.push("alice/w", from);
}

afterEach(async () => {
  leave();
  await served.close();
});

/** Copies the package and gives how many requests of each kind about files that took. */
async function copy(from: string, to: string): Promise<Readonly<Record<string, number>>> {
  const pkg = await Package.browse("alice/w", { registry: from });
  served.server.log.clear();
  expect(await pkg.push("alice/w", to)).toBe(pkg.topHash());
  const counts: Record<string, number> = {};
  for (const { operation = "", key } of served.server.log.entries) {
    const isData = key !== "" && (!key.startsWith(".quilt/") || key.startsWith(".quilt/t4/objects/"));
    if (isData) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

async function requireWhole(registry: string): Promise<void> {
  const pkg = await Package.browse("alice/w", { registry });
  expect(LARGE.equals(await pkg.entry("large.bin").bytes())).toBe(true);
  expect(await pkg.entry("f1.txt").text()).toBe("content 1");
  for (const [, { physicalKey = "" }] of pkg.walk()) expect(physicalKey.startsWith(`${registry}/`)).toBe(true);
}

describe("a package that goes from bucket to bucket of one server", () => {
  const IN_PARTS = { CreateMultipartUpload: 1, UploadPartCopy: 2, CompleteMultipartUpload: 1 };

  it.each(["versioned", "plain"])("is copied there, from %s: a request for a small file", async (from) => {
    await serve(`s3://${from}`);
    expect(await copy(`s3://${from}`, "s3://archive")).toEqual({ CopyObject: SMALL, ...IN_PARTS });
    const { sent, received } = served.server.log.bytes();
    expect(sent + received).toBeLessThan(NO_DATA);
    await requireWhole("s3://archive");
  });

  it("is copied in parts where a name means its content, which is proved before it has the name", async () => {
    await serve("s3://versioned");
    expect(await copy("s3://versioned", "s3://plain-archive")).toEqual({
      HeadObject: SMALL + 1,
      CreateMultipartUpload: SMALL + 1,
      UploadPartCopy: SMALL + 2,
      CompleteMultipartUpload: SMALL + 1,
    });
    const { sent, received } = served.server.log.bytes();
    expect(sent + received).toBeLessThan(NO_DATA);
    await requireWhole("s3://plain-archive");
  });

  it("is copied and looked at where the server tells checksums only then; what it cannot prove, passes here", async () => {
    await serve("s3://versioned", { profile: "minio" });
    const { CopyObject, HeadObject, UploadPartCopy, GetObject, UploadPart } = await copy(
      "s3://versioned",
      "s3://archive",
    );
    expect([CopyObject, HeadObject, GetObject, UploadPart]).toEqual([SMALL, SMALL, 2, 2]);
    expect(UploadPartCopy).toBeLessThanOrEqual(2);
    await requireWhole("s3://archive");
  });

  it.each(["composite", "whole"])(
    "passes here where the server tells another hash than the copy's: %s",
    async (kind) => {
      await serve("s3://versioned", { profile: "versitygw" });
      const source = served.simulator.bucket("versioned").objects.newest("alice/w/large.bin");
      const value = createHash("sha256").update(LARGE).digest("base64");
      const checksum = { name: "sha256", type: "FULL_OBJECT", value };
      if (source !== undefined && kind === "whole") Object.assign(source, { checksum, partSizes: undefined });
      for (const to of ["s3://archive", "s3://plain-archive"]) {
        expect((await copy("s3://versioned", to))["GetObject"]).toBeGreaterThanOrEqual(2);
        await requireWhole(to);
      }
    },
  );

  it("passes here where the server proves nothing, which is found out by few requests", async () => {
    await serve("s3://plain", { profile: "ceph-16" });
    const { UploadPartCopy = 0, GetObject } = await copy("s3://plain", "s3://plain-archive");
    expect(GetObject).toBe(SMALL + 2);
    expect(UploadPartCopy).toBeLessThanOrEqual(SMALL + 2);
    expect(served.simulator.bucket("plain-archive").uploads.size).toBe(0);
    await requireWhole("s3://plain-archive");
  });

  it.each(["f1.txt", "large.bin"])("is not published with wrong bytes: %s", async (key) => {
    await serve("s3://versioned");
    const newest = served.simulator.bucket("versioned").objects.newest(`alice/w/${key}`);
    newest?.body.set([1]);
    for (const to of ["archive", "plain-archive"]) {
      const pkg = await Package.browse("alice/w", { registry: "s3://versioned" });
      await expect(pkg.push("alice/w", `s3://${to}`)).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
      const { objects, uploads } = served.simulator.bucket(to);
      expect(uploads.size).toBe(0);
      expect(objects.keys().some((each) => each.endsWith("latest"))).toBe(false);
      expect(objects.present(`alice/w/${key}`)).toBeUndefined();
    }
  });

  it("goes on where it was cut off, and sends no copy twice", async () => {
    await serve("s3://versioned");
    const refuse = { kind: "redirect", location: "http://127.0.0.1:1/" } as const;
    const rule = { operation: "PutObject", key: /^\.quilt\/packages/, times: 99, fault: refuse } as const;
    served.server.setFaults(scriptedFaults([rule]));
    await expect(copy("s3://versioned", "s3://archive")).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    served.server.setFaults(() => undefined);
    expect(await copy("s3://versioned", "s3://archive")).toEqual({ HeadObject: SMALL + 1 });
    await requireWhole("s3://archive");
  });

  it("is not read with the user's credentials where its package may not", async () => {
    await serve("s3://versioned");
    const pkg = await Package.browse("alice/w", { registry: "s3://versioned" });
    await pkg.push("alice/w", "s3://plain", { copy: "none" });
    const stranger = await Package.browse("alice/w", { registry: "s3://plain" });
    served.server.log.clear();
    await expect(stranger.push("alice/w", "s3://archive")).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    expect(served.server.log.count("CopyObject") + served.server.log.count("UploadPartCopy")).toBe(0);
    const trusted = await Package.browse("alice/w", { registry: "s3://plain", trustBuckets: ["versioned"] });
    await trusted.push("alice/w", "s3://archive");
    expect(served.server.log.count("CopyObject")).toBe(SMALL);
  });
});
