import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import type { Policy } from "testkit/s3/policy.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectRegistry, registryPolicy } from "#t4/index.js";
import { foreignClient, type ServedBuckets, serveBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";
import { bucketJourney } from "./bucket-journey.js";
import { Terminal } from "./terminal.js";

let served: ServedBuckets;
let leave: () => void = () => undefined;
const serve = async (options: Parameters<typeof serveBuckets>[0] = {}): Promise<void> => {
  served = await serveBuckets(options);
  leave = enterEnvironment(served.env);
};
afterEach(async () => {
  leave();
  await served?.close();
});

const statesOf = async (location: string): Promise<Readonly<Record<string, string>>> => {
  const { checks } = await inspectRegistry(location);
  return Object.fromEntries(checks.map(({ subject, state }) => [subject, state]));
};

describe("doctor of a bucket", () => {
  const FINE = { account: "ok", reading: "ok", writing: "ok", publishing: "ok", clock: "ok", checksums: "ok" };

  it.each([
    ["aws", "versioned", { ...FINE, versions: "ok" }],
    ["aws", "plain", { ...FINE, versions: "limited" }],
    ["ceph-16", "versioned", { ...FINE, versions: "ok", publishing: "bad", checksums: "limited" }],
    ["ceph-16", "plain", { ...FINE, versions: "limited", checksums: "limited" }],
    ["ceph-20", "versioned", { ...FINE, versions: "ok", publishing: "bad", checksums: "limited" }],
    ["no-conditions", "plain", { ...FINE, versions: "limited", publishing: "bad" }],
  ] as const)("on %s, %s, says what is so, and leaves nothing behind", async (profile, bucket, states) => {
    await serve({ profile });
    expect(await statesOf(`s3://${bucket}/team`)).toEqual(states);
    expect(served.simulator.bucket(bucket).objects.keys()).toEqual([]);
    expect(served.server.log.count()).toBeLessThan(80);
  });

  it("says who may not write, who is nobody, and whose clock is wrong", async () => {
    await serve({ now: () => Date.now() + 20 * 60_000 });
    const { simulator } = served;
    expect(await statesOf("s3://plain")).toMatchObject({ clock: "limited", publishing: "ok" });
    const statement = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "*" } as const;
    simulator.bucket("plain").policy = { Statement: [statement] };
    expect(await statesOf("s3://plain")).toEqual({
      account: "ok",
      reading: "ok",
      writing: "limited",
      versions: "limited",
      clock: "limited",
    });
    const open = { ...statement, Effect: "Allow", Action: ["s3:ListBucket", "s3:GetObject"] } as const;
    simulator.bucket("versioned").policy = { Statement: [open] };
    const back = enterEnvironment({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
    try {
      expect(await statesOf("s3://versioned")).toMatchObject({ account: "limited", versions: "limited" });
      const terminal = new Terminal();
      expect(await terminal.run("doctor", "s3://plain")).toBe(7);
      expect(terminal.err).toContain("AWS_PROFILE");
    } finally {
      back();
    }
  });

  it("prints a line each, or JSON, and ends as other commands do", async () => {
    await serve({ profile: "ceph-16" });
    const terminal = new Terminal();
    expect(await terminal.run("doctor", "s3://plain")).toBe(0);
    expect(terminal.out).toMatch(/^ok {5} {2}account {3} {2}Asks 127\.0\.0\.1:\d+, signed .* ends in .{4}\.\n/);
    expect(terminal.out).not.toContain(served.env["AWS_ACCESS_KEY_ID"]);
    expect(await terminal.run("doctor", "s3://versioned", "--json")).toBe(1);
    const { url, checks } = JSON.parse(terminal.out) as Awaited<ReturnType<typeof inspectRegistry>>;
    expect(url).toBe("s3://versioned");
    expect(checks.find(({ state }) => state === "bad")?.message).toContain("refuses to push");
    expect(await terminal.run("doctor", "s3://none")).toBe(4);
  });
});

describe("the policy that doctor prints", () => {
  it("lets all of T4 through, and no client that publishes without a condition", async () => {
    await serve();
    const terminal = new Terminal();
    expect(await terminal.run("doctor", "s3://versioned/team", "--policy")).toBe(0);
    const policy = JSON.parse(terminal.out) as Policy;
    expect(policy).toEqual(await registryPolicy("s3://versioned/team"));
    served.simulator.bucket("versioned").policy = policy;
    const journey = { root: temporaryDirectory(), env: served.env, registry: "s3://versioned/team" };
    await expect(bucketJourney(journey)).resolves.toBeUndefined();
    const client = foreignClient(served);
    const pointers = "team/.quilt/named_packages/alice/w";
    for (const name of ["latest", "1700000000"]) {
      const place = { bucket: "versioned", key: `${pointers}/${name}` };
      expect((await client.send({ method: "PUT", ...place, body: "0".repeat(64) })).status).toBe(403);
    }
    client.close();
  });

  it("is of buckets alone", async () => {
    await expect(registryPolicy(temporaryDirectory())).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
  });
});

describe("doctor of a folder", () => {
  let root: string;
  beforeEach(() => void (root = temporaryDirectory()));

  it("says what is so, and leaves nothing behind", async () => {
    const states = { account: "ok", reading: "ok", writing: "ok", publishing: "ok", clock: "ok" };
    expect(await statesOf(root)).toEqual(states);
    expect(readdirSync(root)).toEqual([]);
    mkdirSync(join(root, ".quilt/t4/tmp"), { recursive: true });
    expect(await statesOf(root)).toEqual(states);
    expect(existsSync(join(root, ".quilt/t4/tmp"))).toBe(true);
    expect(readdirSync(join(root, ".quilt/t4/tmp"))).toEqual([]);
  });

  it("ends with not found where there is none", async () => {
    const terminal = new Terminal();
    expect(await terminal.run("doctor", join(root, "none"))).toBe(4);
    writeFileSync(join(root, "file"), "");
    expect(await terminal.run("doctor", join(root, "file"))).toBe(4);
  });
});
