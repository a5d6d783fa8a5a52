import { createHash } from "node:crypto";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const OBJECT_BYTES = 64 << 20;
/** Longer than what manifests and names are hashed in. */
const PIECE_BYTES = 64 * 1024;

afterEach(() => vi.restoreAllMocks());

it("a check of all data stops in the midst of an object", async () => {
  const registry = join(temporaryDirectory(), "registry");
  await (await new Package().setText("a", "x")).push("al/a", registry);
  const objects = join(registry, ".quilt/t4/objects");
  const paths = readdirSync(objects, { recursive: true, encoding: "utf8" }).map((name) => join(objects, name));
  truncateSync(paths.find((path) => statSync(path).isFile()) ?? "", OBJECT_BYTES);
  const hash = Object.getPrototypeOf(createHash("sha256")) as { update(data: Uint8Array): unknown };
  const update = vi.spyOn(hash, "update");
  const hashed = (): number =>
    update.mock.calls.reduce((sum, [{ length }]) => sum + (length < PIECE_BYTES ? 0 : length), 0);
  const abort = new AbortController();
  const abortAtWork = (): void => {
    if (hashed() > 0) abort.abort(new Error("Enough."));
    else setImmediate(abortAtWork);
  };
  setImmediate(abortAtWork);
  const check = (await openRegistry(registry)).fsck({ readData: true, signal: abort.signal });
  await expect(check).rejects.toThrow("Enough.");
  expect(hashed()).toBeLessThan(OBJECT_BYTES);
});
