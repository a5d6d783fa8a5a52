import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { enterEnvironment } from "testkit/environment.js";
import { noFaults, scriptedFaults } from "testkit/s3/fault-plan.js";
import { serveFaultProxy } from "testkit/s3/fault-proxy.js";
import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { makeBucket } from "./make-bucket.js";

const PART = 8 << 20;
const PARTS = 5;
const LARGE = Buffer.alloc((PARTS - 1) * PART + 1000, "t4 ");
const ELSEWHERE = { kind: "redirect", location: "http://127.0.0.1:1/" } as const;

describe.each(engines("ceph", "minio", "versitygw"))("on $name", (engine) => {
  it("a push and an install of a large file go on at the part where they stopped", async () => {
    const { bucket } = await makeBucket(engine, { isVersioned: false });
    const registry = `s3://${bucket}`;
    const proxy = await serveFaultProxy({ target: engine.url, faults: noFaults });
    const root = temporaryDirectory();
    mkdirSync(join(root, "home"), { recursive: true });
    const leave = enterEnvironment({
      HOME: join(root, "home"),
      AWS_ENDPOINT_URL_S3: proxy.url,
      AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
      AWS_REGION: "us-east-1",
    });
    const during = async (work: () => Promise<unknown>, operation: "UploadPart" | "GetObject"): Promise<void> => {
      const key = /objects/;
      proxy.setFaults(scriptedFaults([{ operation, key, nth: PARTS, times: 99, fault: ELSEWHERE }]));
      await expect(work()).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
      proxy.setFaults(noFaults);
      proxy.log.clear();
      await work();
    };
    try {
      const pkg = await new Package().setBytes("large.bin", LARGE);
      await during(() => pkg.push("alice/w", registry), "UploadPart");
      expect(proxy.log.count("CreateMultipartUpload")).toBe(0);
      // What was under way when the first try ended may be logged now.
      expect(proxy.log.entries.some(({ url }) => /partNumber=1&|partNumber=1$/.test(url))).toBe(false);
      await during(() => Package.install("alice/w", { registry, dest: join(root, "copy") }), "GetObject");
      const isFirst = (range = ""): boolean => range.startsWith("bytes=0-");
      expect(proxy.log.entries.some(({ key, headers }) => /objects/.test(key) && isFirst(headers["range"]))).toBe(
        false,
      );
    } finally {
      leave();
      await proxy.close();
    }
  });
});
