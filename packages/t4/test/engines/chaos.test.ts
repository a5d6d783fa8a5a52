import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_ACCOUNT, type Engine, engines } from "testkit/engines.js";
import { enterEnvironment } from "testkit/environment.js";
import { seededRandom } from "testkit/random.js";
import { isCampaign } from "testkit/runs.js";
import { noFaults, randomFaults } from "testkit/s3/fault-plan.js";
import { serveFaultProxy } from "testkit/s3/fault-proxy.js";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { historyOf, startActor, trouble } from "../process/actors.js";
import { temporaryDirectory } from "../temporary.js";
import { makeBucket } from "./make-bucket.js";

const WRITERS = 5;
const EXTENT = isCampaign ? { forMs: 120_000, count: 200 } : { forMs: 8000, count: 15 };

/** How many of all requests break, and whether the bucket keeps versions; where the engine keeps conditions under races. */
const SCENES = [
  { on: "minio", isVersioned: true, rate: 0 },
  { on: "minio", isVersioned: true, rate: 0.1 },
  { on: "minio", isVersioned: false, rate: 0.25 },
  { on: "versitygw", isVersioned: true, rate: 0.1 },
  { on: "ceph", isVersioned: false, rate: 0.1 },
] as const;

describe("pushes of five processes to one package", () => {
  it.each(SCENES)(
    "lose no revision that was acknowledged, when processes are killed and $rate of all requests break, on $on, versioned: $isVersioned",
    { timeout: 240_000 },
    async ({ on, isVersioned, rate }) => {
      const [engine] = engines(on) as [Engine];
      const { bucket } = await makeBucket(engine, { isVersioned });
      const random = seededRandom(Date.now());
      const seed = random.below(1 << 30);
      const faults = rate === 0 ? noFaults : randomFaults({ seed, rate, maxDelayMs: 150 });
      const proxy = await serveFaultProxy({ target: engine.url, faults });
      const home = join(temporaryDirectory(), "home");
      mkdirSync(home);
      const leave = enterEnvironment({
        HOME: home,
        AWS_ENDPOINT_URL_S3: proxy.url,
        AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ENGINE_ACCOUNT.secretAccessKey,
        AWS_REGION: "us-east-1",
      });
      try {
        const stage = { root: `s3://${bucket}`, name: "race/data", dest: "" };
        const first = Array.from({ length: WRITERS }, (_, i) => startActor("push", stage, `actor${i}`));
        const meanwhile = async (): Promise<void> => undefined;
        const { actors, kills } = await trouble(first, stage, { random, ...EXTENT, stopMs: [200, 1200], meanwhile });
        proxy.setFaults(noFaults);
        const published = actors.flatMap(({ said }) => said);
        expect(published.length).toBeGreaterThanOrEqual(EXTENT.count);
        expect(kills).toBeGreaterThan(0);
        const history = await historyOf(stage);
        expect(published.filter((topHash) => !history.includes(topHash))).toEqual([]);
        // The next push needs no cleaning up, and nothing is damaged.
        const pkg = await Package.browse(stage.name, { registry: stage.root });
        expect(await pkg.entry("who.txt").text()).toMatch(/^actor\d+ \d+$/);
        const last = await (await pkg.setText("last.txt", "last")).push(stage.name, stage.root);
        const registry = await openRegistry(stage.root);
        expect(await registry.resolve(stage.name)).toBe(last);
        const findings = await registry.fsck({ readData: true });
        expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
      } finally {
        leave();
        await proxy.close();
      }
    },
  );
});
