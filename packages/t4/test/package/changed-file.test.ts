import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const CHANGED = { code: "ERR_T4_SOURCE_CHANGED" };
/** Longer than what is read at once. */
const LARGE = 5 << 20;

let root: string;

beforeEach(() => {
  root = realpathSync(temporaryDirectory());
});
afterEach(() => vi.restoreAllMocks());

describe("a file that was set and is read before the package is built", () => {
  let file: string;
  const set = async (size: number): Promise<Package> => {
    writeFileSync(file, Buffer.alloc(size, "a"));
    return new Package().set("a.csv", file);
  };

  beforeEach(() => {
    file = join(root, "a.csv");
  });

  it("is refused when it was changed since", async () => {
    const entry = (await set(10)).entry("a.csv");
    expect(await entry.text()).toBe("a".repeat(10));
    appendFileSync(file, "b");
    await expect(entry.text()).rejects.toMatchObject(CHANGED);
    await expect(entry.text({ verify: false })).rejects.toMatchObject(CHANGED);
  });

  it("is refused when it is changed while it is read", async () => {
    const entry = (await set(LARGE)).entry("a.csv");
    const read = async (): Promise<void> => {
      for await (const _ of entry.stream()) appendFileSync(file, "b");
    };
    await expect(read()).rejects.toMatchObject(CHANGED);
  });

  it("is not hashed for a statement that is cancelled", async () => {
    await set(10);
    truncateSync(file, LARGE);
    const entry = (await new Package().set("a.csv", file)).entry("a.csv");
    const hash = Object.getPrototypeOf(createHash("sha256")) as { update(data: Uint8Array): unknown };
    const update = vi.spyOn(hash, "update");
    const select = entry.select("select 1", { signal: AbortSignal.abort(new Error("Enough.")) });
    await expect(select).rejects.toThrow("Enough.");
    expect(update).not.toHaveBeenCalled();
  });
});

describe.skipIf(process.platform === "win32")("a registry behind a link", () => {
  it("says of an object that is gone that it is gone", async () => {
    mkdirSync(join(root, "real"));
    symlinkSync("real", join(root, "link"));
    const registry = join(root, "link/registry");
    await (await new Package().setText("a", "x")).push("al/a", registry);
    const pkg = await Package.browse("al/a", { registry });
    const objects = join(registry, ".quilt/t4/objects");
    for (const name of readdirSync(objects)) rmSync(join(objects, name), { recursive: true });
    await expect(pkg.entry("a").text()).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });
});
