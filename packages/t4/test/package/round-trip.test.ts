import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isT4Error, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

let root: string;
let registry: string;

beforeEach(() => {
  root = temporaryDirectory();
  registry = join(root, "registry");
  vi.stubEnv("XDG_DATA_HOME", join(root, "data-home"));
  vi.stubEnv("XDG_CACHE_HOME", join(root, "cache-home"));
  mkdirSync(join(root, "data/sub dir"), { recursive: true });
  writeFileSync(join(root, "data/a #?%+.csv"), "x,y\n1,2\n");
  writeFileSync(join(root, "data/sub dir/é.json"), '{"a": 1}');
  writeFileSync(join(root, "data/empty"), "");
});

const source = (): Promise<Package> => new Package().setDir("", join(root, "data"));

async function history(): Promise<string[]> {
  const found: string[] = [];
  for await (const { topHash } of (await openRegistry(registry)).log("a/b")) found.push(topHash);
  return found;
}

describe("Package", () => {
  it("gives the empty package its famous top hash", async () => {
    expect(await new Package().build("username/packagename")).toBe(
      "2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b",
    );
  });

  it("comes back from a registry as it was pushed, files and metadata", async () => {
    const pkg = await source();
    pkg.setMeta({ big: 10n ** 30n, half: 0.5 }).setMeta({ about: "sub" }, "sub dir");
    await pkg.setBytes("chunks.bin", Buffer.alloc(17 << 20, 7), { meta: { kind: "zeros" } });
    const topHash = await pkg.push("a/b", registry, { message: "One" });
    const copy = await Package.install("a/b", { registry, dest: join(root, "copy") });
    expect(copy.topHash()).toBe(topHash);
    expect(copy.meta).toEqual({ big: 10n ** 30n, half: 0.5 });
    expect(copy.metaOf("sub dir")).toEqual({ about: "sub" });
    expect(copy.entry("chunks.bin").meta).toEqual({ kind: "zeros" });
    expect(await copy.verify(join(root, "copy"))).toMatchObject({ ok: true, checked: 4 });
    expect(readFileSync(join(root, "copy/sub dir/é.json"), "utf8")).toBe('{"a": 1}');
    expect(await copy.entry("a #?%+.csv").deserialize()).toEqual([{ x: 1, y: 2 }]);
  });

  it("keeps old revisions' bytes and stores the same bytes once", async () => {
    const first = await (await source()).push("a/b", registry);
    writeFileSync(join(root, "data/empty"), "no more");
    await (await source()).push("a/b", registry);
    const old = await Package.browse("a/b", { registry, topHash: first });
    expect(await old.entry("empty").text()).toBe("");
    const objects = readdirSync(join(registry, ".quilt/t4/objects"), { recursive: true, withFileTypes: true });
    expect(objects.filter((item) => item.isFile())).toHaveLength(4);
    expect(readdirSync(join(registry, ".quilt/t4/tmp"))).toEqual([]);
  });

  it("refuses to push over what others published meanwhile", async () => {
    const mine = await source();
    const first = await mine.push("a/b", registry);
    const theirs = await Package.browse("a/b", { registry });
    await theirs.setText("theirs", "x");
    const second = await theirs.push("a/b", registry);
    await mine.setText("mine", "y");
    await expect(mine.push("a/b", registry)).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    const third = await mine.push("a/b", registry, { force: true });
    expect(await history()).toEqual([third, second, first]);
  });

  it("names a file that changed since it was set, and publishes nothing", async () => {
    const pkg = await source();
    appendFileSync(join(root, "data/a #?%+.csv"), "3,4\n");
    await expect(pkg.push("a/b", registry)).rejects.toMatchObject({ code: "ERR_T4_SOURCE_CHANGED" });
    expect(await history()).toEqual([]);
  });

  it("installs no damaged byte, and leaves the old file alone", async () => {
    await (await source()).push("a/b", registry);
    const object = readdirSync(join(registry, ".quilt/t4/objects"), { recursive: true }).find((name) =>
      String(name).endsWith(".json"),
    );
    writeFileSync(join(registry, ".quilt/t4/objects", String(object)), '{"a": 2}');
    mkdirSync(join(root, "copy/sub dir"), { recursive: true });
    writeFileSync(join(root, "copy/sub dir/é.json"), "mine");
    const install = Package.install("a/b", { registry, dest: join(root, "copy"), overwrite: true });
    await expect(install).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    expect(readFileSync(join(root, "copy/sub dir/é.json"), "utf8")).toBe("mine");
    expect(existsSync(join(root, "copy/.t4"))).toBe(false);
    const findings = await (await openRegistry(registry)).fsck({ readData: true });
    expect(findings.map(({ code }) => code)).toContain("E_OBJECT_HASH");
  });

  it("keeps and names files that the user changed, and removes what the package no longer has", async () => {
    const pkg = await source();
    await pkg.push("a/b", registry);
    await Package.install("a/b", { registry, dest: join(root, "copy") });
    await pkg.delete("empty").setText("new", "new");
    await pkg.push("a/b", registry);
    writeFileSync(join(root, "copy/a #?%+.csv"), "mine");
    const install = Package.install("a/b", { registry, dest: join(root, "copy") });
    await expect(install).rejects.toMatchObject({ code: "ERR_T4_PARTIAL", facts: { kept: ["a #?%+.csv"] } });
    expect(readFileSync(join(root, "copy/a #?%+.csv"), "utf8")).toBe("mine");
    expect(existsSync(join(root, "copy/empty"))).toBe(false);
    expect(readFileSync(join(root, "copy/new"), "utf8")).toBe("new");
    const directory = await Package.openDirectory(join(root, "copy"));
    expect(directory?.base.diff(directory.current)).toEqual({
      added: [],
      modified: ["a #?%+.csv"],
      deleted: [],
      metadata: [],
    });
  });

  it.each([
    "../escaped",
    "/tmp/escaped",
    "a/../../escaped",
    "a\\..\\b",
    ".git/config",
    ".t4/revision.json",
    "a\u0000b",
  ])("writes nothing for a package with the key %j", async (key) => {
    const pkg = await source();
    await pkg.push("a/b", registry);
    const [line = ""] = Array.from(pkg.manifest()).slice(1, 2);
    const hostile = await Package.load(
      Buffer.from(
        `{"version": "v0"}\n${line.replace(/"logical_key": "[^"]*"/, () => `"logical_key": ${JSON.stringify(key)}`)}`,
      ),
      {
        allowLocal: [registry],
      },
    );
    await expect(hostile.fetch(join(root, "in/copy"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    expect(existsSync(join(root, "in"))).toBe(false);
  });

  it("does not read the user's files for a stranger's package", async () => {
    writeFileSync(join(root, "secret"), "secret");
    const pkg = await source();
    await pkg.push("a/b", registry);
    const text = Array.from(pkg.manifest())
      .join("")
      .replace(/"physical_keys": \["[^"]*"\]/, `"physical_keys": ["file://${root}/secret"]`);
    const hostile = await Package.load(Buffer.from(text), { allowLocal: [registry] });
    await expect(hostile.fetch(join(root, "copy"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
    await expect(hostile.push("a/c", join(root, "other"))).rejects.toMatchObject({ code: "ERR_T4_UNSAFE" });
  });

  it("does not follow a link that was planted in the destination", async () => {
    await (await source()).push("a/b", registry);
    mkdirSync(join(root, "outside"));
    mkdirSync(join(root, "copy"));
    symlinkSync(join(root, "outside"), join(root, "copy/sub dir"));
    const install = Package.install("a/b", { registry, dest: join(root, "copy"), overwrite: true });
    await expect(install).rejects.toSatisfy((error) => isT4Error(error, "ERR_T4_UNSAFE"));
    expect(readdirSync(join(root, "outside"))).toEqual([]);
  });

  it("names a link that stands in a file's place, and leaves it and the rest installed", async () => {
    await (await source()).push("a/b", registry);
    mkdirSync(join(root, "copy"));
    writeFileSync(join(root, "elsewhere"), "mine");
    symlinkSync(join(root, "elsewhere"), join(root, "copy/empty"));
    const install = (overwrite = false) => Package.install("a/b", { registry, dest: join(root, "copy"), overwrite });
    await expect(install()).rejects.toMatchObject({
      code: "ERR_T4_PARTIAL",
      facts: { kept: ["empty"] },
      hint: expect.stringContaining("overwrite") as string,
    });
    expect(readFileSync(join(root, "copy/empty"), "utf8")).toBe("mine");
    await install(true);
    expect(readFileSync(join(root, "copy/empty"), "utf8")).toBe("");
    expect(readFileSync(join(root, "elsewhere"), "utf8")).toBe("mine");
  });

  it("goes on where an install stopped", async () => {
    await (await source()).push("a/b", registry);
    await Package.install("a/b", { registry, dest: join(root, "copy") });
    rmSync(join(root, "copy/empty"));
    let written = -1;
    await Package.install("a/b", {
      registry,
      dest: join(root, "copy"),
      onReport: (report) => void (written = report.written),
    });
    expect(written).toBe(1);
  });

  it("refuses misspelt options with the nearest name", async () => {
    const options = { mesage: "x" } as object;
    await expect(new Package().push("a/b", registry, options)).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
      hint: "Did you mean message?",
    });
  });
});
