import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type InstallReport, Package } from "#t4/index.js";
import {
  CONTENTS,
  type Content,
  copy,
  type Files,
  install,
  NAME,
  open,
  publish,
  published,
  push,
  read,
  registry,
  useTwoSides,
  write,
} from "./two-sides.js";

useTwoSides();

describe("a file that was changed on both sides", () => {
  const cases = CONTENTS.flatMap((base) =>
    CONTENTS.flatMap((mine) => CONTENTS.map((theirs) => ({ base, mine, theirs }))),
  );
  const keyOf = ({ base, mine, theirs }: (typeof cases)[number]): string =>
    `${base ?? "none"}-${mine ?? "none"}-${theirs ?? "none"}`;
  const side = (name: "base" | "mine" | "theirs"): Files => new Map(cases.map((one) => [keyOf(one), one[name]]));
  const clash = cases
    .filter(({ base, mine, theirs }) => mine !== base && theirs !== base && mine !== theirs)
    .map(keyOf);
  const merged = new Map(cases.map((one) => [keyOf(one), one.mine === one.base ? one.theirs : one.mine]));
  const keys = cases.map(keyOf);

  async function meet(): Promise<InstallReport> {
    await publish(side("base"));
    await install();
    write(side("mine"));
    await publish(side("theirs"));
    return install();
  }

  it("is kept and in conflict in exactly these of all cases, and what only they changed is taken", async () => {
    const report = await meet();
    expect([...report.conflicts].sort()).toEqual([...clash].sort());
    expect(read(keys)).toEqual(merged);
    expect([...(await open()).conflicts].sort()).toEqual([...clash].sort());
  });

  it("stays in conflict after a second install, and where the first one died before it was remembered", async () => {
    await publish(side("base"));
    await install();
    write(side("mine"));
    cpSync(join(copy, ".t4"), join(copy, "../memory"), { recursive: true });
    await publish(side("theirs"));
    await install();
    rmSync(join(copy, ".t4"), { recursive: true });
    cpSync(join(copy, "../memory"), join(copy, ".t4"), { recursive: true });
    await expect(push()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    for (const _ of [1, 2]) {
      await install();
      expect([...(await open()).conflicts].sort()).toEqual([...clash].sort());
      await expect(push()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    }
    // Also files that were only deleted here stay so: the second install is not the first that finds them missing.
    expect(read(keys)).toEqual(merged);
  });

  it("is not pushed over: the error names all, and nothing is published", async () => {
    await meet();
    const { current } = await open();
    const theirs = await published(keys);
    for (const options of [{}, { dryRun: true }, { parent: (await open()).topHash }]) {
      const attempt = current.push(NAME, registry, options);
      await expect(attempt).rejects.toMatchObject({
        code: "ERR_T4_CONFLICT",
        hint: expect.stringMatching(/t4 resolve/),
      });
      await expect(attempt).rejects.toSatisfy((error: { facts: { conflicts: string[] } }) => {
        expect([...error.facts.conflicts].sort()).toEqual([...clash].sort());
        return true;
      });
    }
    expect(await published(keys)).toEqual(theirs);
  });

  it.each([false, true])(
    "keeps another package out of the directory, before anything is touched: overwrite %s",
    async (overwrite) => {
      await meet();
      const other = new Package();
      await other.setText("other", "other");
      for (const key of clash) await other.setText(key, "other");
      await other.push("u/other", registry);
      const memory = readFileSync(join(copy, ".t4/revision.json"), "utf8");
      await expect(Package.install("u/other", { registry, dest: copy, overwrite })).rejects.toMatchObject({
        code: "ERR_T4_CONFLICT",
        message: expect.stringContaining(`unsettled conflicts with ${NAME}`),
      });
      expect(read([...keys, "other"])).toEqual(new Map([...merged, ["other", undefined]]));
      expect(readFileSync(join(copy, ".t4/revision.json"), "utf8")).toBe(memory);
    },
  );

  it("is named in the hint as a shell takes it", async () => {
    await publish(new Map([["a b", "1"]]));
    await install();
    write(new Map([["a b", "22"]]));
    await publish(new Map([["a b", "33"]]));
    await install();
    await expect(push()).rejects.toMatchObject({
      hint: expect.stringContaining("t4 resolve --theirs 'a b' takes theirs") as string,
    });
  });

  it("does not slip through a merge with the revision that the directory stands on", async () => {
    await meet();
    const { current, base } = await open();
    const latest = await Package.browse(NAME, { registry });
    expect(() => current.merge(base, latest)).toThrow(/Both packages changed/);
    expect(() => current.merge(latest, base)).toThrow(/Both packages changed/);
  });

  it("is settled by taking theirs or mine, and then pushed as it was settled", async () => {
    await meet();
    const [theirs, mine] = [clash.filter((_, i) => i % 2 === 0), clash.filter((_, i) => i % 2 === 1)];
    expect([...(await Package.resolve(copy, { keys: theirs, take: "theirs", dryRun: true }))].sort()).toEqual(
      theirs.sort(),
    );
    expect(read(keys)).toEqual(merged);
    await Package.resolve(copy, { keys: theirs, take: "theirs" });
    expect([...(await open()).conflicts].sort()).toEqual([...mine].sort());
    await expect(push()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    await Package.resolve(copy, { keys: mine, take: "mine" });
    expect((await open()).conflicts).toEqual([]);
    const sideTheirs = side("theirs");
    const expected = new Map([...merged, ...theirs.map((key): [string, Content] => [key, sideTheirs.get(key)])]);
    expect(read(keys)).toEqual(expected);
    await push();
    expect(await published(keys)).toEqual(expected);
    expect((await install()).kept).toEqual([]);
  });

  it("is settled when it becomes theirs by hand, and goes on with their next revision", async () => {
    await meet();
    write(side("theirs"));
    expect((await open()).conflicts).toEqual([]);
    const next = new Map(keys.map((key): [string, Content] => [key, "1"]));
    await publish(next);
    const { conflicts } = await install();
    expect(conflicts).toEqual([]);
    expect(read(keys)).toEqual(next);
  });

  it("is no conflict any more when they take their change back", async () => {
    await meet();
    await publish(side("base"));
    expect((await install()).conflicts).toEqual([]);
    expect((await open()).conflicts).toEqual([]);
    for (const key of clash) expect(read([key]).get(key)).toBe(side("mine").get(key));
  });

  it("is replaced or removed by an install with overwrite, which leaves what the package never had", async () => {
    await meet();
    write(new Map([["own", "1"]]));
    const report = await install({ overwrite: true });
    expect(report).toMatchObject({ kept: [], conflicts: [] });
    expect((await open()).conflicts).toEqual([]);
    expect(read(["own"]).get("own")).toBe("1");
    const theirs = side("theirs");
    for (const { base, mine, ...rest } of cases) {
      const key = keyOf({ base, mine, ...rest });
      const isOwn = base === undefined && rest.theirs === undefined;
      expect([key, read([key]).get(key)]).toEqual([key, isOwn ? mine : theirs.get(key)]);
    }
  });

  it("is pushed with force", async () => {
    await meet();
    const { current } = await open();
    await current.push(NAME, registry, { force: true });
    await current.remember(copy);
    expect(await published(keys)).toEqual(merged);
    expect((await open()).conflicts).toEqual([]);
  });

  it("is known as a conflict also where the directory was filled by nobody", async () => {
    await publish(new Map([["a", "1"]]));
    write(new Map([["a", "22"]]));
    expect(await install()).toMatchObject({ kept: ["a"], conflicts: ["a"] });
    await expect(push()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT", facts: { conflicts: ["a"] } });
  });

  it("is not looked for where there is none, nor settled without saying whose is right", async () => {
    await meet();
    await expect(Package.resolve(copy, { keys: ["absent"], take: "mine" })).rejects.toMatchObject({
      code: "ERR_T4_NOT_FOUND",
    });
    await expect(Package.resolve(copy, { keys: clash, take: "ours" as "mine" })).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
    });
    await expect(Package.resolve(registry, { keys: clash, take: "mine" })).rejects.toMatchObject({
      code: "ERR_T4_USAGE",
    });
    expect((await open()).conflicts).toHaveLength(clash.length);
  });

  it("is told from a damaged memory", async () => {
    await meet();
    const path = join(copy, ".t4/revision.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"value": "[^"]*"/, '"value": 5'));
    await expect(open()).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });
});

describe("a file that was deleted here", () => {
  const FILES: Files = new Map([
    ["gone", "1"],
    ["stays", "1"],
  ]);

  const CHANGED: Files = new Map([...FILES, ["stays", "22"]]);

  async function deleteOne(theirs: Files): Promise<InstallReport> {
    await publish(FILES);
    await install();
    rmSync(join(copy, "gone"));
    await publish(theirs);
    return install();
  }

  it("stays deleted when the revision that left it so is installed again, until it is overwritten", async () => {
    const report = await deleteOne(CHANGED);
    expect(report).toMatchObject({ kept: ["gone"], conflicts: [] });
    for (const _ of [1, 2]) {
      expect(await install()).toMatchObject({ kept: ["gone"], conflicts: [], written: 0 });
      expect(read(["gone"])).toEqual(new Map([["gone", undefined]]));
    }
    expect((await open()).conflicts).toEqual([]);
    await install({ overwrite: true });
    expect(read(["gone", "stays"])).toEqual(
      new Map([
        ["gone", "1"],
        ["stays", "22"],
      ]),
    );
    rmSync(join(copy, "gone"));
    expect(await install()).toMatchObject({ kept: [], written: 1 });
  });

  it("is deleted in the package by the next push", async () => {
    await deleteOne(CHANGED);
    await push();
    expect(await published(["gone", "stays"])).toEqual(
      new Map([
        ["gone", undefined],
        ["stays", "22"],
      ]),
    );
  });

  it("stays deleted, too, when that settled a conflict", async () => {
    expect(await deleteOne(new Map([["gone", "22"]]))).toMatchObject({ conflicts: ["gone"] });
    await Package.resolve(copy, { keys: ["gone"], take: "mine" });
    expect((await open()).conflicts).toEqual([]);
    expect(await install()).toMatchObject({ kept: ["gone"], conflicts: [] });
    expect(read(["gone"])).toEqual(new Map([["gone", undefined]]));
  });

  it("is no conflict that keeps the directory from being published as another package", async () => {
    await deleteOne(CHANGED);
    const other = await new Package().setDir("", copy);
    await other.push("u/other", registry);
    await other.remember(copy);
    expect((await open()).name).toBe("u/other");
  });
});

describe("a directory that was filled from another registry", () => {
  it("keeps its files and its package, unless the registry has that revision, too", async () => {
    const other = join(copy, "../other");
    await publish(new Map([["a", "1"]]));
    const first = await Package.browse(NAME, { registry });
    await (await new Package().setText("a", "33")).push(NAME, other);
    await install();
    await expect(install({ registry: other })).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    expect(read(["a"])).toEqual(new Map([["a", "1"]]));
    expect((await open()).topHash).toBe(first.topHash());
    await first.push(NAME, other, { force: true });
    await (await new Package().setText("a", "4")).push(NAME, other);
    expect(await install({ registry: other })).toMatchObject({ kept: [], written: 1 });
  });
});
