import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyRevision } from "#server/verify-revision.js";
import type { Verification } from "../../server/api.js";
import { push, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
const catalog = testCatalog();
let base: string;
let topHash: string;

beforeAll(async () => {
  topHash = await push({ registry, name: "alice/a" }, { "a.txt": "first", "b.txt": "second", "c.txt": "" });
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/m/${topHash}/verify`;
});

const reports = async (): Promise<Verification[]> => {
  const text = await (await catalog.post(base, {})).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Verification);
};

describe("verifying", () => {
  it("reads all bytes, tells how far it is, and remembers the result", async () => {
    expect(await catalog.json(base)).toBeNull();
    const last = (await reports()).at(-1);
    const whole = { files: 3, ofFiles: 3, bytes: 11, ofBytes: 11, damaged: [], damagedCount: 0, unverifiable: 0 };
    expect(last).toMatchObject({ ...whole, isDone: true });
    expect(await catalog.json(base)).toEqual(last);
  });

  it("names files that are damaged or gone, and goes on", async () => {
    const objects = join(registry, ".quilt/t4/objects");
    const all = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    for (const { parentPath, name } of all) {
      const path = join(parentPath, name);
      writeFileSync(path, "other");
    }
    const last = (await reports()).at(-1);
    expect(last).toMatchObject({ isDone: true, files: 3 });
    expect(last?.damaged.map(({ path }) => path)).toContain("b.txt");
    expect(last?.damagedCount).toBe(last?.damaged.length);
  });

  it("ends early, and is not done, when it is cancelled", async () => {
    const pkg = await new Package().setText("a.txt", "a");
    const controller = new AbortController();
    controller.abort();
    const state = await verifyRevision({ pkg, ofBytes: 1, signal: controller.signal, onProgress: () => undefined });
    expect(state).toMatchObject({ isDone: false, files: 0 });
  });

  it("ends in the midst of it, too: what was begun is read no further", async () => {
    const pkg = new Package();
    for (let i = 0; i < 50; i++) await pkg.setText(`f${i}.txt`, "text");
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = ({ files }: Verification): void => {
      told.push(files);
      if (files === 3) controller.abort();
    };
    const state = await verifyRevision({ pkg, ofBytes: 200, signal: controller.signal, onProgress });
    expect(told).toContain(3);
    expect(state.isDone).toBe(false);
    expect(state.files).toBeLessThan(10);
  });

  it("is a change of this server's state: only its own pages may ask for it", async () => {
    expect((await catalog.post(base, {}, { "Sec-Fetch-Site": "same-site" })).status).toBe(403);
  });
});
