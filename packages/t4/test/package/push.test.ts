import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package, type PushReport } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("push", () => {
  let root: string;
  let registry: string;
  let data: string;

  beforeEach(() => {
    root = temporaryDirectory();
    registry = join(root, "registry");
    data = join(root, "data");
    mkdirSync(data);
    writeFileSync(join(data, "a.txt"), "a");
    writeFileSync(join(data, "b.txt"), "b");
  });

  const source = (): Promise<Package> => new Package().setDir("", data);
  const placeOf = async (key: string): Promise<string> => {
    const pkg = await Package.browse("u/p", { registry });
    return (pkg.entry(key).physicalKey ?? "").replace(`${pathToFileURL(root).href}/`, "");
  };
  const objects = (): string[] =>
    readdirSync(join(registry, ".quilt/t4/objects"), { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".txt"),
    );

  it("copies what the registry has not, under names made of the content", async () => {
    await (await source()).push("u/p", registry);
    expect(await placeOf("a.txt")).toMatch(/^registry\/\.quilt\/t4\/objects\/..\/[0-9a-f]{64}\.txt$/);
    expect(objects()).toHaveLength(2);
    await (await source()).setText("c.txt", "a").then((pkg) => pkg.push("u/p", registry, { force: true }));
    expect(objects()).toHaveLength(2);
  });

  it("does not drop in silence what only directories' metadata say: the top hash does not count that", async () => {
    const pkg = (await source()).setMeta({ station: 7 }, "2024");
    const topHash = await pkg.push("u/p", registry, { message: "One" });
    expect(await pkg.push("u/p", registry, { message: "One" })).toBe(topHash);
    pkg.setMeta({ station: 8 }, "2024");
    await expect(pkg.push("u/p", registry, { message: "One" })).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
      hint: expect.stringContaining("another message") as string,
      facts: { topHash, directory: "2024" },
    });
    await pkg.push("u/p", registry, { message: "Two" });
    const [before, after] = [`u/p@${topHash}`, "u/p"].map((name) => Package.browse(name, { registry }));
    expect((await before)?.metaOf("2024")).toEqual({ station: 7 });
    expect((await after)?.metaOf("2024")).toEqual({ station: 8 });
  });

  it("copies nothing with copy: none but what is only in memory", async () => {
    const pkg = await (await source()).setText("memory.txt", "m");
    await pkg.push("u/p", registry, { copy: "none" });
    expect(await placeOf("a.txt")).toBe("data/a.txt");
    expect(await placeOf("memory.txt")).toMatch(/objects/);
  });

  it("takes the place of a build of the very same that leads to files outside, for all who open it", async () => {
    const pkg = await source();
    const built = await pkg.build("u/p", { registry });
    expect(await placeOf("a.txt")).toBe("data/a.txt");
    expect(await pkg.push("u/p", registry)).toBe(built);
    expect(await placeOf("a.txt")).toMatch(/objects/);
    await pkg.push("u/p", registry, { copy: "none" });
    expect(await placeOf("a.txt")).toMatch(/objects/);
  });

  it("brings back bytes that the latest revision should have and has not", async () => {
    await (await source()).push("u/p", registry);
    const lost = objects().map((path) => join(registry, ".quilt/t4/objects", path));
    for (const path of lost) rmSync(path);
    await (await source()).push("u/p", registry, { message: "again" });
    expect(objects()).toHaveLength(2);
    const pkg = await Package.install("u/p", { registry, dest: join(root, "copy") });
    expect(pkg.count).toBe(2);
  });

  it("installs from a registry that was moved, and pushes on there", async () => {
    await (await source()).push("u/p", registry);
    const moved = join(root, "moved");
    renameSync(registry, moved);
    const pkg = await Package.install("u/p", { registry: moved, dest: join(root, "copy") });
    expect(readFileSync(join(root, "copy/a.txt"), "utf8")).toBe("a");
    await (await pkg.setText("c.txt", "c")).push("u/p", moved);
    expect(await (await Package.browse("u/p", { registry: moved })).entry("a.txt").text()).toBe("a");
  });

  it("leaves out of the copy what select refuses", async () => {
    await (await source()).push("u/p", registry, { select: (key) => key === "b.txt" });
    expect(await placeOf("a.txt")).toBe("data/a.txt");
    expect(await placeOf("b.txt")).toMatch(/objects/);
  });

  it("takes files of other programs in the registry among the objects only with copy: all", async () => {
    mkdirSync(join(registry, "plain"), { recursive: true });
    writeFileSync(join(registry, "plain/a.txt"), "a");
    const pkg = await new Package().setDir("", join(registry, "plain"));
    await pkg.push("u/p", registry, { copy: "none" });
    await pkg.push("u/p", registry, { message: "missing" });
    expect(await placeOf("a.txt")).toBe("registry/plain/a.txt");
    await pkg.push("u/p", registry, { message: "all", copy: "all" });
    expect(await placeOf("a.txt")).toMatch(/objects/);
  });

  it("gives files their own names below dest, and never overwrites one that is there", async () => {
    const first = await (await source()).push("u/p", registry, { dest: "team/data" });
    expect(readFileSync(join(registry, "team/data/a.txt"), "utf8")).toBe("a");
    expect(await placeOf("a.txt")).toBe("registry/team/data/a.txt");
    writeFileSync(join(data, "a.txt"), "changed");
    const again = (await source()).push("u/p", registry, { dest: "team/data" });
    await expect(again).rejects.toMatchObject({ code: "ERR_T4_CONFLICT", facts: { logicalKey: "a.txt" } });
    expect(readFileSync(join(registry, "team/data/a.txt"), "utf8")).toBe("a");
    expect(await (await openRegistry(registry)).resolve("u/p")).toBe(first);
    await (await source()).push("u/p", registry, { dest: (key) => `v2/${key}` });
    expect(await placeOf("a.txt")).toBe("registry/v2/a.txt");
  });

  it("does not put a file elsewhere than dest says when its hash is of an unknown type", async () => {
    const entry = {
      logical_key: "a.txt",
      physical_keys: [pathToFileURL(join(data, "a.txt")).href],
      size: 1,
      hash: { type: "BLAKE9", value: "00" },
      meta: {},
    };
    const manifest = new TextEncoder().encode(`{"version":"v0","message":null}\n${JSON.stringify(entry)}\n`);
    const pkg = await Package.load(manifest, { allowLocal: [data] });
    await expect(pkg.push("u/p", registry, { dest: "team" })).rejects.toMatchObject({
      code: "ERR_T4_INTEGRITY",
      message: expect.stringContaining("BLAKE9"),
      hint: expect.stringContaining("Set the file again"),
    });
    await expect(Package.browse("u/p", { registry })).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
    await pkg.push("u/p", registry);
    expect(await placeOf("a.txt")).toMatch(/objects/);
  });

  it("refuses two files that dest gives one name, and publishes nothing", async () => {
    const both = (await new Package().setText("a.txt", "a")).setText("b.txt", "b");
    await expect((await both).push("u/p", registry, { dest: () => "one.txt" })).rejects.toMatchObject({
      code: "ERR_T4_CONFLICT",
    });
    await expect(Package.browse("u/p", { registry })).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });

  it.each(["../outside", "/../outside", ".quilt/packages", "a/../../b"])("refuses dest: %s", async (dest) => {
    await expect((await source()).push("u/p", registry, { dest })).rejects.toThrow(/Cannot put|Invalid/);
    expect(readdirSync(root).sort()).toEqual(["data", "registry"]);
  });

  it("tells the top hash of a dry run and writes nothing", async () => {
    const topHash = await (await source()).push("u/p", registry, { message: "x", dryRun: true });
    expect(existsSync(registry)).toBe(false);
    expect(await (await source()).push("u/p", registry, { message: "x" })).toBe(topHash);
  });

  it("says what the others changed when they were faster, before it copies anything", async () => {
    const mine = await source();
    await mine.push("u/p", registry);
    const theirs = await Package.browse("u/p", { registry });
    await (await theirs.setText("new.txt", "n")).delete("b.txt").push("u/p", registry);
    const before = objects();
    const push = (await mine.setText("mine.txt", "m")).push("u/p", registry);
    await expect(push).rejects.toThrow(
      /has moved: expected [0-9a-f]{12}, got [0-9a-f]{12}\. The others deleted "b\.txt", added "new\.txt"\. Nothing/,
    );
    expect(objects()).toEqual(before);
  });

  it("is no conflict when the others published the very same, as when a push is repeated", async () => {
    const [one, two] = [await source(), await source()];
    await one.push("u/p", registry, { message: "base" });
    await two.push("u/p", registry, { message: "base", force: true });
    const [a, b] = [await one.setText("n", "n"), await two.setText("n", "n")];
    const topHash = await a.push("u/p", registry, { message: "same" });
    let report: PushReport | undefined;
    const again = b.push("u/p", registry, { message: "same", onReport: (done) => (report = done) });
    expect(await again).toBe(topHash);
    expect(report).toEqual({ topHash, isPublished: false });
    expect(await b.push("u/p", registry, { message: "next" })).not.toBe(topHash);
  });

  it("publishes nothing with dedupe when the latest is the same", async () => {
    const pkg = await source();
    const topHash = await pkg.push("u/p", registry);
    expect(await pkg.push("u/p", registry, { dedupe: true })).toBe(topHash);
    const log = [];
    for await (const revision of (await openRegistry(registry)).log("u/p")) log.push(revision);
    expect(log).toHaveLength(1);
  });

  it("keeps what was set while it ran", async () => {
    const pkg = await source();
    const push = pkg.push("u/p", registry);
    await pkg.setText("later.txt", "l");
    await push;
    expect((await Package.browse("u/p", { registry })).has("later.txt")).toBe(false);
    expect(pkg.has("later.txt")).toBe(true);
    await pkg.push("u/p", registry);
    expect((await Package.browse("u/p", { registry })).has("later.txt")).toBe(true);
  });

  it.each([
    [null, "ERR_T4_USAGE", /Options are an object, not null/],
    ["message", "ERR_T4_USAGE", /Options are an object, not message/],
    [{ signal: {} }, "ERR_T4_USAGE", /signal is no AbortSignal/],
    [{ mesage: "x" }, "ERR_T4_USAGE", /Unknown option "mesage"/],
    [{ message: 5 }, "ERR_T4_USAGE", /message must be a string or null/],
    [{ parent: "feedfeedfeed" }, "ERR_T4_NOT_FOUND", /no revision or tag/],
  ])("refuses the options %j", async (options, code, message) => {
    const pkg = await source();
    await pkg.push("u/p", registry);
    const refusal = { code, message: expect.stringMatching(message) as string };
    await expect(pkg.push("u/p", registry, options as object)).rejects.toMatchObject(refusal);
  });
});
