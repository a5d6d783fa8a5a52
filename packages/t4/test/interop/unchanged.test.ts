import { execFileSync } from "node:child_process";
import { type BigIntStats, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { listPackages, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientName, nextSecond, startClient } from "./client.js";
import { theirPackage } from "./contents.js";
import { collect } from "./registry.js";
import { SAMPLES } from "./samples.js";

const NAME = "theirs/sample";
const T4 = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));

/** All that a reader could change of a directory: names, bytes, and whatever `lstat` says but when a file was read. */
function stateOf(directory: string): ReadonlyMap<string, unknown> {
  const names = ["", ...readdirSync(directory, { recursive: true, encoding: "utf8" }).sort()];
  return new Map(names.map((name) => [name, factsOf(join(directory, name))]));
}

function factsOf(path: string): unknown {
  const stat: BigIntStats = lstatSync(path, { bigint: true });
  const { ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs } = stat;
  return { ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs, bytes: stat.isFile() ? readFileSync(path) : undefined };
}

describe.each<ClientName>(["quilt3", "t4-2019"])("a registry that %s wrote", (client) => {
  const their = startClient(client);
  afterAll(() => their.close());

  it("opens, and no read of ours changes one byte or time of it", async () => {
    const root = temporaryDirectory();
    const registry = join(root, "registry");
    // Inside of it, as where the bytes are when Quilt 3 publishes what it installed.
    const [names, nested] = [
      SAMPLES[1]?.make(join(registry, "names")),
      SAMPLES[3]?.make(join(registry, "directories")),
    ];
    const first = await their.call<string>("push", {
      registry,
      name: NAME,
      message: "First",
      ...theirPackage(names ?? {}),
    });
    await nextSecond();
    const second = await their.call<string>("push", {
      registry,
      name: NAME,
      message: "Second",
      ...theirPackage(nested ?? {}),
    });
    const before = stateOf(root);
    const out = temporaryDirectory();

    expect(await collect(listPackages(registry))).toEqual([NAME]);
    const open = await openRegistry(registry);
    expect((await collect(open.log(NAME))).map(({ topHash }) => topHash)).toEqual([second, first]);
    expect(await collect(open.tags(NAME))).toEqual([]);
    expect(await open.message(await open.resolve(NAME, "latest~1"))).toBe("First");
    const pkg = await Package.browse(NAME, { registry, topHash: first });
    expect(pkg.diff(await Package.browse(NAME, { registry })).added).toEqual(["d/e/f.txt", "d/g.txt", "ü #/h.txt"]);
    for (const [, entry] of pkg.walk()) await entry.bytes();
    await pkg.fetch(join(out, "fetched"));
    await Package.install(NAME, { registry, topHash: first, dest: join(out, "installed") });
    expect(await pkg.verify(join(out, "installed"))).toMatchObject({ ok: true });
    expect(await pkg.push(NAME, registry, { message: "First", force: true, dryRun: true })).toBe(first);
    expect(
      await (await Package.browse(NAME, { registry })).push("ours/copy", join(out, "again"), { message: "Second" }),
    ).toBe(second);
    await open.fsck({ readData: true });
    await open.collectGarbage({ dryRun: true });
    const commands = [
      "list",
      `log ${NAME}`,
      `show ${NAME} --json`,
      `ls ${NAME}`,
      `cat ${NAME}/d/g.txt`,
      `diff ${NAME}@latest~1 ${NAME}`,
      "fsck",
      "gc",
    ];
    for (const line of commands) {
      const [command = "", ...rest] = line.split(" ");
      const where = ["list", "fsck", "gc"].includes(command) ? [registry] : ["--registry", registry];
      execFileSync(process.execPath, [T4, command, ...rest, ...where], { env: { HOME: out }, stdio: "pipe" });
    }

    expect(stateOf(root)).toEqual(before);
  });
});
