import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isT4Error, Package, type PackageEntry } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

let root: string;

beforeEach(() => {
  root = temporaryDirectory();
  vi.stubEnv("XDG_DATA_HOME", join(root, "data-home"));
});

/** A file of the model: its text and metadata, and which of all settings of its key it is. */
interface Model {
  readonly text: string;
  readonly meta: unknown;
  readonly edition: number;
}

function expectedOf(model: ReadonlyMap<string, Model>): Record<string, readonly [string, unknown]> {
  return Object.fromEntries([...model].map(([at, { text, meta }]) => [at, [text, meta]]));
}

const KEYS = ["a", "d/b", "d/c"];
const key = fc.constantFrom(...KEYS);
const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), key, text: fc.constantFrom("1", "2", "3") }),
  fc.record({ do: fc.constant("delete" as const), key: fc.constantFrom(...KEYS, "d") }),
  fc.record({ do: fc.constant("take" as const), key }),
  fc.record({ do: fc.constant("meta" as const), handle: fc.nat(5), meta: fc.constantFrom({ m: 1 }, { m: 2 }) }),
  fc.record({ do: fc.constantFrom("push" as const, "hash" as const, "build" as const, "other" as const) }),
  fc.record({ do: fc.constantFrom("wait" as const, "tick" as const) }),
);

async function contentOf(pkg: Package): Promise<Record<string, readonly [string, unknown]>> {
  const found: [string, readonly [string, unknown]][] = [];
  for (const [logicalKey, entry] of pkg.walk()) found.push([logicalKey, [await entry.text(), entry.meta]]);
  return Object.fromEntries(found);
}

describe("a package that is changed while it is pushed, built and hashed, and through entries taken before", () => {
  it("keeps its files when it becomes again what it once was in one of two registries", async () => {
    const [one, two] = [join(root, "one"), join(root, "two")];
    const pkg = await new Package().setText("a", "1");
    await pkg.build("u/p", { registry: one });
    pkg.delete("a");
    await pkg.push("u/p", two, { force: true });
    await pkg.setText("a", "1");
    await pkg.build("u/p", { registry: one });
    expect([...pkg.keys()]).toEqual(["a"]);
  });

  it("is what a plain map is, in any order", async () => {
    let run = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const home = join(root, `${run++}`);
      const pkg = new Package();
      const model = new Map<string, Model>();
      const handles: { readonly entry: PackageEntry; readonly key: string; readonly edition: number }[] = [];
      const running: Promise<unknown>[] = [];
      let editions = 0;
      for (const one of steps) {
        if (one.do === "set") {
          await pkg.setText(one.key, one.text);
          model.set(one.key, { text: one.text, meta: model.get(one.key)?.meta ?? {}, edition: ++editions });
        } else if (one.do === "delete") {
          const gone = [...model.keys()].filter((at) => at === one.key || at.startsWith(`${one.key}/`));
          if (gone.length === 0) expect(() => pkg.delete(one.key)).toThrow(/nothing at/);
          else pkg.delete(one.key);
          for (const at of gone) model.delete(at);
        } else if (one.do === "take") {
          const edition = model.get(one.key)?.edition;
          if (edition !== undefined) handles.push({ entry: pkg.entry(one.key), key: one.key, edition });
        } else if (one.do === "meta") {
          const handle = handles[one.handle % Math.max(1, handles.length)];
          if (handle === undefined) continue;
          const now = model.get(handle.key);
          if (now?.edition === handle.edition) {
            expect(handle.entry.setMeta(one.meta).meta).toEqual(one.meta);
            model.set(handle.key, { ...now, meta: one.meta });
          } else {
            const code = now === undefined ? "ERR_T4_NOT_FOUND" : "ERR_T4_CONFLICT";
            expect(() => handle.entry.setMeta(one.meta)).toThrow(expect.objectContaining({ code }));
          }
        } else if (one.do === "wait") await Promise.all(running.splice(0));
        else if (one.do === "tick") await new Promise((resolve) => setTimeout(resolve, 1));
        else if (one.do === "hash") running.push(pkg.hashPending());
        else {
          const registry = join(home, one.do);
          const started = expectedOf(model);
          const publish =
            one.do === "build" ? pkg.build("u/p", { registry }) : pkg.push("u/p", registry, { force: true });
          const check = async (topHash: string): Promise<void> =>
            expect(await contentOf(await Package.browse("u/p", { registry, topHash, allowLocal: [home] }))).toEqual(
              started,
            );
          running.push(publish.then(check));
        }
        expect([...pkg.walk()].map(([at, { meta }]) => [at, meta])).toEqual(
          KEYS.filter((at) => model.has(at)).map((at) => [at, model.get(at)?.meta]),
        );
      }
      await Promise.all(running);
      const expected = expectedOf(model);
      expect(await contentOf(pkg)).toEqual(expected);
      await pkg.push("u/p", join(home, "push"), { force: true });
      expect(
        await contentOf(await Package.browse("u/p", { registry: join(home, "push"), allowLocal: [home] })),
      ).toEqual(expected);
    });
    await fc.assert(property, { numRuns: process.env["T4_CAMPAIGN"] === "1" ? 1000 : 40 });
  }, 240_000);

  it("keeps what is set while it is hashed, and hashes the rest", async () => {
    const pkg = await (await new Package().setText("a", "1")).setText("b", "1");
    const hashing = pkg.hashPending();
    await pkg.setText("a", "22");
    pkg.entry("b").setMeta({ m: 1 });
    await hashing;
    expect(await pkg.entry("a").text()).toBe("22");
    expect(pkg.entry("a").hash).toBeUndefined();
    expect(pkg.entry("b").hash).toBeDefined();
    expect(pkg.entry("b").meta).toEqual({ m: 1 });
  });

  it("stands on both revisions when it is pushed to two registries at once", async () => {
    const pkg = await new Package().setText("a", "1");
    const [one, two] = [join(root, "one"), join(root, "two")];
    await Promise.all([pkg.push("u/p", one), pkg.push("u/p", two)]);
    for (const registry of [one, two]) {
      await (await new Package().setText("theirs", "1")).push("u/p", registry, { force: true });
      await expect(pkg.push("u/p", registry)).rejects.toSatisfy((error) => isT4Error(error, "ERR_T4_CONFLICT"));
    }
  });

  it("can be read after it was changed while it was pushed", async () => {
    const pkg = await new Package().setText("a", "1");
    const push = pkg.push("u/p", join(root, "registry"));
    await pkg.setText("b", "1");
    await push;
    await pkg.hashPending();
    expect(await contentOf(pkg)).toEqual({ a: ["1", {}], b: ["1", {}] });
  });
});

describe("an entry that was taken before", () => {
  it.each(["push", "build"] as const)("changes metadata alone after a %s, whose bytes stay", async (verb) => {
    const registry = join(root, "registry");
    const pkg = await new Package().setText("a", "1");
    const entry = pkg.entry("a");
    await (verb === "push" ? pkg.push("u/p", registry) : pkg.build("u/p", { registry }));
    const { physicalKey } = pkg.entry("a");
    entry.setMeta({ m: 1 });
    expect(entry.physicalKey).toBe(physicalKey);
    expect(await entry.text()).toBe("1");
    expect(pkg.entry("a")).toMatchObject({ meta: { m: 1 }, physicalKey });
  });

  it("refuses when its key is another file now, by whatever set it, and when it is gone", async () => {
    const pkg = await new Package().setText("d/a", "1");
    const entry = pkg.entry("d/a");
    await pkg.setText("d/a", "1");
    expect(() => entry.setMeta({})).toThrow(expect.objectContaining({ code: "ERR_T4_CONFLICT" }));
    const second = pkg.entry("d/a");
    pkg.delete("d");
    expect(() => second.setMeta({})).toThrow(expect.objectContaining({ code: "ERR_T4_NOT_FOUND" }));
    await pkg.setText("d/a", "1");
    expect(() => second.setMeta({})).toThrow(expect.objectContaining({ code: "ERR_T4_CONFLICT" }));
    expect(pkg.entry("d/a").meta).toEqual({});
  });
});
