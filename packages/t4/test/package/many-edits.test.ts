import { describe, expect, it } from "vitest";
import { Package } from "#t4/index.js";
import { type Counted, countCalls } from "../count-calls.js";

/** Comparisons of characters, writes into maps and items that arrays are searched for: what grows when a loop does more at each step than it must. */
const COUNTED: readonly Counted[] = [
  { owner: String.prototype, name: "charCodeAt" },
  { owner: Map.prototype, name: "set" },
  { owner: Array.prototype, name: "includes", steps: (self) => (self as readonly unknown[]).length },
];

async function countSteps(work: () => unknown): Promise<number> {
  const calls = await countCalls(COUNTED, work);
  return Object.values(calls).reduce((sum, steps) => sum + steps, 0);
}

const keyOf = (i: number): string => `d${i % 10}/${i}`;

async function filled(count: number): Promise<Package> {
  const pkg = new Package();
  for (let i = 0; i < count; i++) await pkg.setText(keyOf(i), "x");
  return pkg;
}

/** What each work may cost for one entry of 3000, in steps: a few comparisons of keys of some characters. */
const WORKS: Readonly<Record<string, (pkg: Package, count: number) => Promise<void> | void>> = {
  set: async (_, count) => void (await filled(count)),
  "set in order": async (_, count) => {
    const pkg = new Package();
    for (let i = 0; i < count; i++) await pkg.setText(String(i).padStart(6, "0"), "x");
  },
  "set, then count": async (_, count) => {
    const pkg = new Package();
    for (let i = 0; i < count; i++) expect((await pkg.setText(keyOf(i), "x")).count).toBe(i + 1);
  },
  "set again": async (pkg, count) => {
    for (let i = 0; i < count; i++) await pkg.setText(keyOf(i), "y");
  },
  "set, then look at the first": async (pkg, count) => {
    for (let i = 0; i < count; i++) {
      await pkg.setText(`e/${i}`, "y");
      pkg.keys().next();
    }
  },
  get: (pkg, count) => {
    for (let i = 0; i < count; i++) pkg.get(keyOf(i));
  },
  "set metadata of entries": (pkg, count) => {
    for (let i = 0; i < count; i++) pkg.entry(keyOf(i)).setMeta({ i });
  },
  "set metadata of directories": (pkg, count) => {
    for (let i = 0; i < count; i++) pkg.setMeta({ i }, `x/${i}`);
  },
  delete: (pkg, count) => {
    for (let i = 0; i < count; i++) pkg.delete(keyOf(i));
    expect(pkg.count).toBe(0);
  },
  "filter half": (pkg, count) => {
    expect(pkg.filter((_, { logicalKey }) => logicalKey < "d5").count).toBe(count / 2);
  },
  "look at directories": (pkg, count) => {
    for (let i = 0; i < count; i++) pkg.get(`d${i % 10}`);
  },
};

describe("the cost for each of twice as many entries", () => {
  it.each(Object.entries(WORKS))("of %s hardly grows", async (_, work) => {
    const cost = async (count: number): Promise<number> => {
      const pkg = await filled(count);
      return (await countSteps(() => work(pkg, count))) / count;
    };
    const [small, large] = [await cost(1000), await cost(2000)];
    expect(large / small).toBeLessThan(1.35);
    expect(large).toBeLessThan(1500);
  });

  it("of merging two that removed half hardly grows", async () => {
    const cost = async (count: number): Promise<number> => {
      const base = await filled(count);
      const mine = base.filter((key) => Number(key.slice(3)) % 4 !== 0);
      const theirs = base.filter((key) => Number(key.slice(3)) % 4 !== 1);
      return (await countSteps(() => expect(mine.merge(base, theirs).count).toBe(count / 2))) / count;
    };
    const [small, large] = [await cost(1000), await cost(2000)];
    expect(large / small).toBeLessThan(1.35);
    expect(large).toBeLessThan(1500);
  });
});

describe("what was seen of a package before it changed", () => {
  it("stays while it is looked at", async () => {
    const pkg = await filled(100);
    const walk = pkg.walk();
    walk.next();
    const part = pkg.get("d3") as Package;
    for (let i = 0; i < 100; i++) pkg.delete(keyOf(i));
    await pkg.setText("d3/new", "y");
    expect([...walk]).toHaveLength(99);
    expect(part.count).toBe(10);
    expect(part.has("new")).toBe(false);
    expect(pkg.count).toBe(1);
  });

  it("shares no bytes with who gave them or reads them", async () => {
    const given = Buffer.from("given");
    const pkg = await new Package().setBytes("k", given);
    given.fill("x");
    const entry = pkg.entry("k");
    for await (const chunk of entry.stream()) chunk.fill(0);
    (await entry.bytes()).fill(0);
    expect(await entry.text()).toBe("given");
  });

  it.each(["", "/"])("is the whole package at its root, %j", async (root) => {
    const pkg = (await filled(100)).setMeta({ whole: true });
    const part = pkg.get(root) as Package;
    expect([...part.keys()]).toEqual([...pkg.keys()]);
    expect(part.meta).toEqual({ whole: true });
    await part.setText("new", "y");
    expect(pkg.has("new")).toBe(false);
  });

  it("stays in a directory's own package, which can be changed, too", async () => {
    const pkg = await filled(100);
    const part = pkg.get("d3") as Package;
    await part.setText("a/b", "y");
    part.delete("3");
    expect([...part.keys()]).toEqual(["13", "23", "33", "43", "53", "63", "73", "83", "93", "a/"]);
    expect(part.map((key) => key)).toEqual(["13", "23", "33", "43", "53", "63", "73", "83", "93", "a/b"]);
    expect(await part.entry("a/b").text()).toBe("y");
    expect(await part.entry("13").text()).toBe("x");
    expect([part.count, pkg.count, pkg.has("d3/a")]).toEqual([10, 100, false]);
  });
});
