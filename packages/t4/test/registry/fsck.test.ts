import { cpSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { FINDING_CODES, type Finding, openRegistry, Package } from "#t4/index.js";
import { sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";
import { contentsOf, type Damageable, damageable, flip, NAME, objectOf } from "./damaged-registry.js";
import { CASES } from "./fsck-cases.js";

const codes = (findings: readonly Finding[]): string[] =>
  findings.map(({ code }) => code).sort((a, b) => (a < b ? -1 : 1));
const DAY_MS = 24 * 3600 * 1000;

describe("fsck", () => {
  let registry: Damageable;
  const fsck = async (options = {}): Promise<readonly Finding[]> =>
    (await openRegistry(registry.root)).fsck({ readData: true, ...options });

  beforeEach(async () => {
    registry = await damageable();
  });

  it("has a case for each of its codes, and finds nothing where nothing is", async () => {
    expect(new Set(CASES.map(({ code }) => code))).toEqual(new Set(Object.keys(FINDING_CODES)));
    expect(await fsck()).toEqual([]);
    registry.age(2 * DAY_MS);
    expect(await fsck({ repair: true })).toEqual([]);
  });

  it.each(CASES)("finds $code: $what", async ({ code, plant, isRepaired, also = [], afterwards }) => {
    plant(registry);
    registry.age(code === "E_TMP_STALE" ? 2 * DAY_MS : undefined);
    const before = contentsOf(registry);
    const expected = [code, ...also].sort((a, b) => (a < b ? -1 : 1));

    const found = await fsck();
    expect(codes(found)).toEqual(expected);
    for (const { where, message, hint, ...finding } of found) {
      expect(finding.severity).toBe(FINDING_CODES[finding.code]);
      expect(finding.isRepaired).toBe(false);
      for (const text of [where, message, hint]) expect(text).not.toBe("");
    }
    expect(contentsOf(registry)).toEqual(before);

    const repaired = await fsck({ repair: true });
    expect(codes(repaired)).toEqual(expected);
    expect(repaired.some((finding) => finding.code === code && finding.isRepaired)).toBe(isRepaired);
    const after = contentsOf(registry);
    expect(before.filter((content) => !after.includes(content))).toEqual([]);
    expect(codes(await fsck({ repair: true }))).toEqual(afterwards ?? (isRepaired ? [] : expected));
    expect(contentsOf(registry)).toEqual(after);
  });

  it.each(CASES.filter(({ code, isRepaired }) => isRepaired && !/MISSING|OVERWRITTEN|STALE/.test(code)))(
    "leaves for a minute what may be half written: $code, $what",
    async ({ plant }) => {
      plant(registry);
      const before = contentsOf(registry);
      const findings = (await fsck({ repair: true })).filter(({ code }) => code !== "E_POINTER_OVERWRITTEN");
      expect(findings.every(({ isRepaired }) => !isRepaired)).toBe(true);
      for (const content of before) expect(contentsOf(registry)).toContain(content);
    },
  );

  it("finishes the removal of a package that was not finished, and undo brings it back", async () => {
    await (await openRegistry(registry.root)).deletePackage(NAME);
    const [record = ""] = registry.files("t4/ops").slice(-1);
    const { isDone, check: _, ...started } = JSON.parse(readFileSync(record, "utf8")) as Record<string, unknown>;
    expect(isDone).toBe(true);
    writeFileSync(record, sealRecord({ ...started, at: Number(started["at"]) - 2 * 60_000 }));
    for (const [i, slot] of registry.slots.entries()) writeFileSync(registry.pointer(slot), registry.hashes[i] ?? "");
    registry.age();
    expect(codes(await fsck({ repair: true }))).toEqual(["E_LATEST_MISSING"]);
    expect(await fsck()).toEqual([]);
    await (await openRegistry(registry.root)).undo(NAME);
    expect(await (await openRegistry(registry.root)).resolve(NAME, "latest~1")).toBe(registry.hashes[0]);
  });

  it("looks at the objects of a registry that was moved or copied where they are now", async () => {
    const moved = join(temporaryDirectory(), "moved");
    cpSync(registry.root, moved, { recursive: true });
    const key = objectOf(registry, "two").slice(registry.root.length);
    // What becomes of the original is not this one's fault.
    flip(objectOf(registry, "two"));
    expect(await (await openRegistry(moved)).fsck({ readData: true })).toEqual([]);
    rmSync(registry.root, { recursive: true });
    expect(await (await openRegistry(moved)).fsck({ readData: true })).toEqual([]);
    writeFileSync(join(moved, key), "owt");
    expect(codes(await (await openRegistry(moved)).fsck({ readData: true }))).toEqual(["E_OBJECT_HASH"]);
    rmSync(join(moved, key));
    expect(codes(await (await openRegistry(moved)).fsck())).toEqual(["E_LOCAL_KEY", "E_OBJECT_MISSING"]);
  });

  it.skipIf(process.platform === "win32")("knows the registry's objects through a link", async () => {
    const link = join(temporaryDirectory(), "link");
    symlinkSync(registry.root, link);
    expect(await (await openRegistry(link)).fsck({ readData: true })).toEqual([]);
    flip(objectOf(registry, "two"));
    registry.age();
    const [finding] = await (await openRegistry(link)).fsck({ readData: true, repair: true });
    expect(finding).toMatchObject({ code: "E_OBJECT_HASH", isRepaired: true });
  });

  it("brings an object back with the next push of the data", async () => {
    flip(objectOf(registry, "two"));
    registry.age();
    await fsck({ repair: true });
    await (await new Package().setText("file.txt", "two")).push(NAME, registry.root, { force: true });
    expect(await fsck()).toEqual([]);
  });

  it("does not undo a rollback", async () => {
    await (await openRegistry(registry.root)).rollback(NAME, "latest~1");
    registry.age();
    expect(await fsck({ repair: true })).toEqual([]);
    expect(await (await openRegistry(registry.root)).resolve(NAME)).toBe(registry.hashes[0]);
  });

  it("lists nothing again that was taken out of the history, whatever lies in its place", async () => {
    const open = await openRegistry(registry.root);
    await open.deleteRevision(NAME, registry.hashes[0] ?? "");
    writeFileSync(registry.pointer(registry.slots[0] ?? ""), registry.hashes[1] ?? "");
    utimesSync(registry.pointer(registry.slots[0] ?? ""), new Date(0), new Date(0));
    expect(await fsck({ repair: true })).toEqual([]);
  });

  it("has its codes, with how bad each is and what a repair does, in the guide", () => {
    const guide = readFileSync(new URL("../../../../docs/guide/fsck.md", import.meta.url), "utf8");
    const rows = [...guide.matchAll(/^\| `(E_[A-Z_]+)` \| (\w+) \|.*\| ([^|]+) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, code, severity]) => [code, severity]))).toEqual(FINDING_CODES);
    for (const [, code, , repair] of rows) {
      const isRepaired = CASES.some((found) => found.code === code && found.isRepaired);
      expect(repair?.startsWith("nothing"), code).toBe(!isRepaired);
    }
  });

  it("stops when it is aborted", async () => {
    await expect(fsck({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
