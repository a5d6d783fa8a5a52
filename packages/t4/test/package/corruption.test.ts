import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Random, seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { config, isT4Error, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const NAME = "u/p";
const SETTLED_MS = 120_000;

/** All files below a directory, by their path in it. */
function filesBelow(directory: string): Map<string, Buffer> {
  if (!existsSync(directory)) return new Map();
  const found = readdirSync(directory, { recursive: true, withFileTypes: true, encoding: "utf8" });
  const paths = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
  return new Map(paths.map((path) => [relative(directory, path), readFileSync(path)]));
}

/** What the disk, a bad cable or a person may make of a file. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer, random: Random, other: Buffer) => Buffer>> = {
  flip(bytes, random) {
    const flipped = Buffer.from(bytes);
    const at = random.below(flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    return flipped;
  },
  truncate: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  extend: (bytes, random) => Buffer.concat([bytes, bytes.subarray(0, 1 + random.below(bytes.length))]),
  swap: (_bytes, _random, other) => other,
  "zero page"(bytes, random) {
    const zeroed = Buffer.from(bytes);
    const from = random.below(zeroed.length);
    return zeroed.fill(0, from, Math.min(zeroed.length, from + 1 + random.below(4096)));
  },
};

describe("a registry that is damaged", () => {
  let root: string;
  let dest: string;
  let hashes: string[];
  let whole: ReadonlyMap<string, Buffer>;
  /** The files of each revision. */
  let contents: ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

  beforeEach(async () => {
    const directory = temporaryDirectory();
    [root, dest] = [join(directory, "registry"), join(directory, "dest")];
    hashes = [];
    const pkg = new Package();
    pkg.setMeta({ title: "ünïcode", nested: { n: 1.5 } });
    for (const round of [1, 2, 3]) {
      await pkg.setText("notes.txt", `round ${round}`);
      await pkg.setBytes("data/large.bin", new Uint8Array(9000).fill(round));
      await pkg.setText(`data/only-${round}.csv`, `a,b\n${round},2\n`, { meta: { round } });
      await pkg.setText("same.txt", "the same in all");
      hashes.push(await pkg.push(NAME, root, { message: `round ${round}` }));
    }
    whole = filesBelow(root);
    const installed = new Map<string, ReadonlyMap<string, Buffer>>();
    for (const topHash of hashes) installed.set(topHash, await install(topHash));
    contents = installed;
  });

  async function install(topHash: string | undefined): Promise<Map<string, Buffer>> {
    rmSync(dest, { recursive: true, force: true });
    await Package.install(NAME, { registry: root, dest, ...(topHash !== undefined && { topHash }) });
    const files = filesBelow(dest);
    for (const path of files.keys()) if (path.startsWith(".t4/")) files.delete(path);
    return files;
  }

  const inFolder = (folder: string): string[] => [...whole.keys()].filter((path) => path.startsWith(folder));

  /** Puts the bytes in a file's place, sees what becomes of it, and puts the file back. */
  async function withFile(path: string, bytes: Buffer, look: () => Promise<void>): Promise<void> {
    const damaged = join(root, path);
    writeFileSync(damaged, bytes);
    // What was written just now may be the work of a push that has not ended.
    const then = new Date(Date.now() - SETTLED_MS);
    utimesSync(damaged, then, then);
    try {
      await look();
    } finally {
      for (const found of filesBelow(root).keys()) if (!whole.has(found)) rmSync(join(root, found));
      writeFileSync(join(root, path), whole.get(path) ?? "");
    }
  }

  /** A revision is installed as it was pushed, or refused by name. */
  async function expectTrue(topHash: string | undefined): Promise<void> {
    try {
      const files = await install(topHash);
      const pushed = topHash === undefined ? [...contents.values()] : [contents.get(topHash)];
      expect(pushed).toContainEqual(files);
    } catch (error) {
      if (!isT4Error(error)) throw error;
    }
  }

  async function isFound(): Promise<boolean> {
    const findings = await (await openRegistry(root)).fsck({ readData: true });
    return findings.length > 0;
  }

  it.each([".quilt/packages/", ".quilt/named_packages/", ".quilt/t4/objects/"])(
    "gives nothing wrong to an install, and fsck finds it: %s",
    async (folder) => {
      const paths = inFolder(folder);
      const missed: string[] = [];
      for (let seed = 0; seed < runs({ quick: 20, full: 3000 }); seed++) {
        const random = seededRandom(seed);
        const path = random.pick(paths);
        const before = whole.get(path) ?? Buffer.of();
        const kind = random.pick(Object.keys(DAMAGES));
        const damaged = DAMAGES[kind]?.(before, random, whole.get(random.pick(paths)) ?? before) ?? before;
        if (damaged.equals(before)) continue;
        await withFile(path, damaged, async () => {
          for (const topHash of [...hashes, undefined]) await expectTrue(topHash);
          if (!(await isFound())) missed.push(`${kind} of ${path}, seed ${seed}`);
        });
      }
      expect(missed).toEqual([]);
    },
    3_600_000,
  );

  it("gives a name to no manifest of which any byte that counts was changed", async () => {
    const text = async (topHash: string): Promise<unknown> => {
      const pkg = await Package.browse(NAME, { registry: root, topHash });
      const entries = [...pkg.walk()].map(([key, { size, hash, meta }]) => ({ key, size, hash, meta }));
      return { topHash: pkg.topHash(), meta: pkg.meta, entries };
    };
    for (const topHash of hashes.slice(0, runs({ quick: 1, full: 3 }))) {
      const path = `.quilt/packages/${topHash}`;
      const before = whole.get(path) ?? Buffer.of();
      const said = await text(topHash);
      const random = seededRandom(before.length);
      for (let at = 0; at < before.length; at += runs({ quick: 7, full: 1 })) {
        const bytes = Buffer.from(before);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        await withFile(path, bytes, async () => {
          try {
            expect(await text(topHash)).toEqual(said);
          } catch (error) {
            if (!isT4Error(error)) throw error;
          }
        });
      }
    }
  }, 3_600_000);
});

describe("what T4 remembers of a user, damaged", () => {
  let home: string;

  beforeEach(() => {
    home = temporaryDirectory();
    vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
    vi.stubEnv("XDG_DATA_HOME", join(home, "data"));
  });
  afterEach(() => vi.unstubAllEnvs());

  it("never gives a file another hash than its own: the cache of hashes", async () => {
    const [source, scans] = [join(home, "source"), join(home, "cache/T4/scans")];
    mkdirSync(join(source, "in"), { recursive: true });
    for (const name of ["a.txt", "b.txt", "in/c.txt"]) {
      writeFileSync(join(source, name), name);
      utimesSync(join(source, name), 1_600_000_000, 1_600_000_000);
    }
    const build = async (): Promise<string> => {
      const pkg = await new Package().setDir("", source);
      return pkg.build("u/p", { registry: join(home, "registry") });
    };
    const topHash = await build();
    const [name = ""] = readdirSync(scans);
    const before = readFileSync(join(scans, name));
    expect(before.length).toBeGreaterThan(3 * 76);
    for (let seed = 0; seed < runs({ quick: 50, full: 1000 }); seed++) {
      const random = seededRandom(seed);
      const kind = random.pick(Object.keys(DAMAGES));
      writeFileSync(join(scans, name), DAMAGES[kind]?.(before, random, Buffer.from("other")) ?? before);
      expect(await build(), `${kind}, seed ${seed}`).toBe(topHash);
    }
  }, 3_600_000);

  it("is refused by name, or read as it stands: the configuration", async () => {
    const path = join(home, "data/T4/config.yml");
    mkdirSync(join(path, ".."), { recursive: true });
    const before = Buffer.from(`default_local_registry: file://${home}/local\ndefault_install_location: ${home}/in\n`);
    for (let seed = 0; seed < runs({ quick: 300, full: 2000 }); seed++) {
      const random = seededRandom(seed);
      const kind = random.pick(Object.keys(DAMAGES));
      writeFileSync(path, DAMAGES[kind]?.(before, random, Buffer.from("[1, 2")) ?? before);
      try {
        const found = await config();
        for (const value of Object.values(found)) expect(["string", "undefined"]).toContain(typeof value);
      } catch (error) {
        if (!isT4Error(error)) throw error;
        expect(error.message).toContain("config.yml");
      }
    }
  }, 3_600_000);
});
