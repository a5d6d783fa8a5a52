import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { fileStore } from "#t4/store/file/file-store.js";
import { wrapped } from "../registry/wrapped-file-system.js";
import { temporaryDirectory } from "../temporary.js";

const SCRIPT = fileURLToPath(new URL("./second-user.js", import.meta.url));
const [FIRST, SECOND] = [65_533, 65_534];

describe.skipIf(process.getuid?.() !== 0)("two users of one registry, who may both write its directories", () => {
  let root: string;
  const as = (user: number, ...args: string[]): string =>
    execFileSync(process.execPath, [SCRIPT, root, ...args], {
      uid: user,
      gid: user,
      cwd: "/",
      encoding: "utf8",
      env: { ...process.env, HOME: "/nonexistent", XDG_DATA_HOME: "/nonexistent", XDG_CACHE_HOME: "/nonexistent" },
    }).trim();
  const files = (folder: string): string[] =>
    readdirSync(join(root, ".quilt", folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name));

  beforeEach(() => {
    root = temporaryDirectory();
    chmodSync(root, 0o777);
  });

  it("use each other's objects and manifests, and no collection takes these meanwhile", async () => {
    const first = as(FIRST, "push", "u/p", "one");
    as(FIRST, "push", "u/p", "two");
    await (await openRegistry(root)).deleteRevision("u/p", first);
    rmSync(join(root, ".quilt/t4/ops"), { recursive: true });
    for (const path of [...files("packages"), ...files("t4/objects")]) {
      chmodSync(path, 0o644);
      utimesSync(path, new Date(0), new Date(0));
      expect(statSync(path).uid).toBe(FIRST);
    }
    // The same bytes and the same manifest, which now belong to who needs them.
    expect(as(SECOND, "push", "u/q", "one")).toBe(first);
    const owners = [...files("packages"), ...files("t4/objects")].map((path) => statSync(path).uid);
    expect(owners.filter((owner) => owner === SECOND)).toHaveLength(2);
    expect(JSON.parse(as(FIRST, "gc"))).toMatchObject({ manifests: [], objects: [] });
    for (const [name, text] of [
      ["u/p", "two"],
      ["u/q", "one"],
    ] as const)
      expect(await (await Package.browse(name, { registry: root })).entry("file.txt").text()).toBe(text);
  });
});

describe("a file that another user owns", () => {
  it("cannot be touched, which is said, so that it is written anew", async () => {
    const root = temporaryDirectory();
    const fs = wrapped(async (name) => {
      if (name === "touch") throw Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
    });
    const store = fileStore(root, { stateKey: ".state", url: "file:///test", fs });
    await store.put("k", new Uint8Array(1));
    expect(await store.touch("k")).toBe(false);
  });

  it("gets its name back where the system keeps others from linking it", async () => {
    const root = temporaryDirectory();
    let [isThere, isTouched] = [false, false];
    const fs = wrapped(async (name, args) => {
      if (name === "link" && isTouched)
        throw Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
      // Somebody uses it just before it is moved.
      if (name !== "rename" || isTouched || !isThere) return;
      isTouched = true;
      utimesSync(String(args[0]), new Date(Date.now() + 10_000), new Date(Date.now() + 10_000));
    });
    const store = fileStore(root, { stateKey: ".state", url: "file:///test", fs });
    isThere = (await store.put("k", new Uint8Array(1))).written;
    expect(await store.moveIfOlder("k", "aside/k", Date.now() + 1000)).toBe(false);
    expect((await store.get("k"))?.bytes).toHaveLength(1);
  });
});
