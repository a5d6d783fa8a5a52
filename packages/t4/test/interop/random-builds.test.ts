import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { type ClientPackage, startClient } from "./client.js";
import { type Contents, ourPackage, theirPackage } from "./contents.js";
import { randomContents, writePool } from "./random-contents.js";
import { outcomeOf } from "./refusal.js";
import { manifestIn } from "./registry.js";
import { RUNS } from "./runs.js";

describe("a random package, built by Quilt 3 and by us from the same files", () => {
  const their = startClient("quilt3");
  const place = mkdtempSync(join(tmpdir(), "t4-random-"));
  afterAll(async () => {
    await their.close();
    rmSync(place, { recursive: true });
  });

  // Side by side: both wait for the disk most of the time.
  it.concurrent.each(RUNS)(
    "has one manifest, byte for byte, and one top hash: $title",
    { timeout: 600_000 },
    async ({ title, seed, numRuns }) => {
      const root = join(place, title);
      mkdirSync(root);
      const registry = join(root, "ours");
      const build = async (contents: Contents, name: string): Promise<ClientPackage> => {
        const topHash = await (await ourPackage(contents)).build(name, { registry, message: name });
        return { topHash, manifest: manifestIn(registry, topHash) };
      };
      let [tried, built] = [0, 0];
      const property = fc.asyncProperty(randomContents(writePool(join(root, "pool"))), async (contents) => {
        const name = `random/p${tried++}`;
        const request = { registry: join(root, "theirs"), name, message: name, ...theirPackage(contents) };
        const [theirs, ours] = await Promise.all([
          outcomeOf(their.call<ClientPackage>("build", request)),
          outcomeOf(build(contents, name)),
        ]);
        expect(ours).toEqual(theirs);
        if (theirs === "refused") return;
        built++;
        const read = await Package.load(Buffer.from(theirs.manifest));
        expect(await read.dump(() => undefined)).toBe(theirs.topHash);
      });
      await fc.assert(property, { seed, numRuns });
      expect(built / tried).toBeGreaterThan(0.8);
    },
  );
});
