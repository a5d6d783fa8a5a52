import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { type ClientName, startClient } from "./client.js";
import { FOUND } from "./found-manifests.js";
import { manifest } from "./random-manifest.js";
import { outcomeOf } from "./refusal.js";
import { RUNS } from "./runs.js";

interface Reading {
  readonly topHash: string;
  /** What the client writes for what it read; `null` when it cannot. */
  readonly written: string | null;
}

async function read(bytes: Uint8Array): Promise<Reading> {
  const pkg = await Package.load(bytes);
  const chunks: Uint8Array[] = [];
  const dumped = await outcomeOf(pkg.dump((chunk) => chunks.push(chunk)));
  return { topHash: pkg.topHash(), written: dumped === "refused" ? null : Buffer.concat(chunks).toString() };
}

/** T4 of 2019 also writes what is no JSON; Quilt 3 and we do not. */
function asOfToday(reading: Reading | "refused"): Reading | "refused" {
  if (reading === "refused" || !/[ [](?:NaN|-?Infinity)[,\]}]/.test(withoutStrings(reading.written ?? "")))
    return reading;
  return { ...reading, written: null };
}

function withoutStrings(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

describe.each<ClientName>(["quilt3", "t4-2019"])("a random manifest, read by %s and by us", (client) => {
  const their = startClient(client);
  afterAll(() => their.close());

  it.each(RUNS)("has one top hash and is written alike: $title", { timeout: 300_000 }, async ({ seed, numRuns }) => {
    let [tried, accepted] = [0, 0];
    const property = fc.asyncProperty(manifest, async (text) => {
      tried++;
      const bytes = Buffer.from(text);
      const theirs = await outcomeOf(their.call<Reading>("load", { base64: bytes.toString("base64") }));
      expect(await outcomeOf(read(bytes))).toEqual(asOfToday(theirs));
      if (theirs !== "refused") accepted++;
    });
    await fc.assert(property, { seed, numRuns, examples: FOUND.map((text) => [text]) });
    expect(accepted / tried).toBeGreaterThan(0.5);
  });
});
