import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectRegistry, openRegistry, Package, type PushReport } from "#t4/index.js";
import { type ServedBuckets, serveBuckets } from "../served-buckets.js";

let served: ServedBuckets;
let leave: () => void;

beforeEach(async () => {
  served = await serveBuckets({ profile: "no-conditions" });
  leave = enterEnvironment(served.env);
});
afterEach(async () => {
  leave();
  await served.close();
});

/** Says in the user's settings that collisions are reported. */
function reportCollisions(bucket: string): void {
  const folder = join(served.env["HOME"] as string, ".local/share/T4");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.yml"), `buckets:\n  ${bucket}: { collisions: reported }\n`);
}

describe.each(["versioned", "plain"])("a bucket whose server keeps no conditions, %s", (bucket) => {
  const registry = `s3://${bucket}`;
  const publishing = async () =>
    (await inspectRegistry(registry)).checks.find(({ subject }) => subject === "publishing");

  it("takes no push unless the user has collisions reported", async () => {
    const push = (await new Package().setText("a", "a")).push("alice/w", registry);
    await expect(push).rejects.toMatchObject({
      code: "ERR_T4_UNSUPPORTED",
      hint: expect.stringContaining("collisions: reported"),
    });
    expect(await publishing()).toMatchObject({ state: "bad" });
    const keys = served.simulator.bucket(bucket).objects.keys();
    expect(keys.filter((key) => !key.startsWith(".quilt/t4/probe/"))).toEqual([]);
  });

  it("takes pushes, tags and rollbacks then, which leave no announcements", async () => {
    reportCollisions(bucket);
    const first = await (await new Package().setText("a", "a")).push("alice/w", registry);
    let report: PushReport | undefined;
    const next = await (await Package.browse("alice/w", { registry })).setText("b", "b");
    await next.push("alice/w", registry, { onReport: (done) => void (report = done) });
    expect(report?.collidedWith).toBeUndefined();
    const open = await openRegistry(registry);
    await open.tag("alice/w", "v1", { revision: first });
    await open.rollback("alice/w", first);
    expect((await Package.browse("alice/w:v1", { registry })).topHash()).toBe(first);
    expect((await Package.browse("alice/w", { registry })).topHash()).toBe(first);
    const { objects } = served.simulator.bucket(bucket);
    const announcements = objects.keys().filter((key) => key.includes("/intents/"));
    expect(announcements.filter((key) => objects.newest(key)?.isDeleteMarker !== true)).toEqual([]);
    expect(await publishing()).toMatchObject({ state: "limited" });
  });

  it("tells both of two pushes that met, and lists both", async () => {
    reportCollisions(bucket);
    const base = await (await new Package().setText("a", "a")).push("alice/w", registry);
    const key = ".quilt/named_packages/alice/w/latest";
    const slow = { kind: "delay", delayMs: 3000 } as const;
    served.server.setFaults(scriptedFaults([{ operation: "PutObject", key, fault: slow }]));
    const reports: PushReport[] = [];
    const onReport = (done: PushReport): void => void reports.push(done);
    const push = async (name: string): Promise<string> => {
      const pkg = await Package.browse("alice/w", { registry, topHash: base });
      return (await pkg.setText(name, name)).push("alice/w", registry, { onReport });
    };
    const hashes = await Promise.all([push("b"), push("c")]);
    expect(reports.map(({ topHash, collidedWith }) => [topHash, collidedWith])).toEqual(
      reports.map(({ topHash }) => [topHash, hashes.filter((other) => other !== topHash)]),
    );
    const history = [];
    for await (const { topHash } of (await openRegistry(registry)).log("alice/w")) history.push(topHash);
    expect(history.toSorted()).toEqual([base, ...hashes].toSorted());
  });
});
