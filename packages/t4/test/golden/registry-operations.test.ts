import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { unpackRegistry } from "./unpack-registry.js";
import { vectors } from "./vectors.js";

interface Case {
  readonly op: string;
  readonly args: {
    readonly name: string;
    readonly top_hash?: string;
    readonly prefix?: string;
    readonly message?: string;
  };
  readonly ok: boolean;
  readonly result?: unknown;
  readonly pointers_changed: Readonly<Record<string, string | null>>;
}

/** Where the originals accept what we refuse on purpose: hashes count only within the package that they were published in. */
const REFUSED_HERE = new Set([
  "browse hash of another name",
  "rollback to a hash of another package",
  `resolve_hash ${"f".repeat(64)}`,
  "resolve_hash 2a5a67",
]);

const POINTERS = ".quilt/named_packages";
/** The time at which the originals' clock stood: theirs and later are revisions that the operation made. */
const THEIR_NOW = 1_700_000_000;

async function run(root: string, { op, args }: Case): Promise<unknown> {
  const { name, top_hash: topHash, prefix } = args;
  const registry = await openRegistry(root);
  const at = { registry: root, ...(topHash === undefined ? {} : { topHash }) };
  if (op === "delete_package") return registry.deletePackage(name);
  if (op === "delete_package_version") return registry.deleteRevision(name, topHash ?? "");
  if (op.startsWith("rollback")) return registry.rollback(name, topHash ?? "");
  if (op === "resolve_hash") return registry.resolve(name, prefix);
  if (op === "build empty with message null" || op === "build bad name") return new Package().build(name, at);
  if (op === "build non-string message")
    return new Package().build(name, { registry: root, message: 123 as unknown as string });
  const pkg = await Package.browse(name, at);
  return op.startsWith("browse+build")
    ? pkg.build(name, { registry: root, message: args.message ?? pkg.message })
    : pkg.map((key) => key);
}

function pointersOf(root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(join(root, POINTERS), { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile())
      found.set(path.slice(join(root, POINTERS).length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8").trim());
  }
  return found;
}

describe.each(["t4", "quilt3"])("operations on a registry, as %s does them", (peer) => {
  const { cases } = vectors<{ readonly cases: readonly Case[] }>(`registry-ops-${peer}.json`);

  it.each(cases.map((one) => [`${one.op} ${JSON.stringify(one.args)}`, one] as const))("%s", async (_, one) => {
    const root = unpackRegistry(`registry-${peer}`);
    const before = pointersOf(root);
    const isRefused = !one.ok || REFUSED_HERE.has(one.op) || REFUSED_HERE.has(`${one.op} ${one.args.prefix}`);
    if (isRefused) {
      await expect(run(root, one)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_T4_/) as string });
      expect(pointersOf(root)).toEqual(before);
      return;
    }
    const result = await run(root, one);
    if (typeof one.result === "string") expect(result).toBe(one.result);
    const after = pointersOf(root);
    for (const [pointer, topHash] of Object.entries(one.pointers_changed)) {
      const made = Number(pointer.split("/").at(-1)) >= THEIR_NOW;
      const found = made
        ? [...after].find(([key]) => !before.has(key) && !key.endsWith("/latest"))?.[1]
        : after.get(pointer);
      expect(found, pointer).toBe(topHash ?? undefined);
    }
    // The originals delete manifests that other packages may share; here they stay, so that undo works and nothing breaks.
    for (const topHash of before.values()) expect(existsSync(join(root, ".quilt/packages", topHash))).toBe(true);
  });
});
