import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isT4Error, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

const WRITER = fileURLToPath(new URL("./writer.js", import.meta.url));
const NAME = "race/data";

interface Writer {
  readonly child: ChildProcess;
  /** Top hashes that it said are published. */
  readonly acknowledged: string[];
}

function startWriter(root: string, name: string): Writer {
  const child = spawn(process.execPath, [WRITER, root, NAME, name], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: string[] = [];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    acknowledged.push(...lines);
  });
  return { child, acknowledged };
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("close", resolve));

async function historyOf(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { topHash } of (await openRegistry(root)).log(NAME)) found.push(topHash);
  return found;
}

describe("several processes that push to one package", () => {
  it("lose no acknowledged revision, whoever is killed or stopped when, and no reader sees a torn one", async () => {
    const root = join(temporaryDirectory(), "registry");
    const random = fc.sample(fc.nat({ max: 1000 }), { numRuns: 400 });
    const pick = (below: number): number => (random.pop() ?? 0) % below;
    let writers = Array.from({ length: 4 }, (_, i) => startWriter(root, `writer${i}`));
    const all = [...writers];
    let reads = 0;
    const until = Date.now() + 6000;
    while (Date.now() < until) {
      try {
        const pkg = await Package.browse(NAME, { registry: root });
        expect(await pkg.entry("who.txt").text()).toMatch(/^writer\d+ \d+$/);
        reads++;
      } catch (error) {
        if (!isT4Error(error, "ERR_T4_NOT_FOUND") || reads > 0) throw error;
      }
      const victim = writers[pick(writers.length)];
      const fate = pick(12);
      if (victim !== undefined && fate === 0) {
        victim.child.kill("SIGKILL");
        await ended(victim.child);
        const fresh = startWriter(root, `writer${all.length}`);
        all.push(fresh);
        writers = [...writers.filter((writer) => writer !== victim), fresh];
      } else if (victim !== undefined && fate === 1) {
        victim.child.kill("SIGSTOP");
        setTimeout(() => victim.child.kill("SIGCONT"), 200 + pick(1000));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const { child } of writers) child.kill("SIGCONT");
    for (const { child } of writers) child.kill("SIGTERM");
    await Promise.all(writers.map(({ child }) => ended(child)));

    const acknowledged = all.flatMap((writer) => writer.acknowledged);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(reads).toBeGreaterThan(10);
    const history = await historyOf(root);
    expect(acknowledged.filter((topHash) => !history.includes(topHash))).toEqual([]);
    expect(new Set(history).size).toBe(history.length);

    // The next push needs no cleaning up, and nothing is damaged.
    const next = await (await Package.browse(NAME, { registry: root })).setText("who.txt", "writer9 9");
    await next.push(NAME, root, { message: "after all" });
    const findings = await (await openRegistry(root)).fsck({ readData: true });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(await historyOf(root)).toHaveLength(history.length + 1);
  }, 60_000);
});

describe("an install that is killed", () => {
  it("leaves only whole files under their names, and the next one goes on", async () => {
    const root = temporaryDirectory();
    const registry = join(root, "registry");
    const pkg = new Package();
    const contents = Array.from({ length: 300 }, (_, i) => `file ${i} `.repeat(500));
    for (const [i, text] of contents.entries()) await pkg.setText(`d${i % 7}/f${i}.txt`, text);
    await pkg.push("u/p", registry);
    const script = `import(${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)}).then(({ Package }) =>
      Package.install("u/p", { registry: ${JSON.stringify(registry)}, dest: ${JSON.stringify(join(root, "dest"))} }))`;
    for (let delay = 40; delay < 240; delay += 25) {
      const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
      setTimeout(() => child.kill("SIGKILL"), delay);
      await ended(child);
      const report = await pkg.verify(join(root, "dest")).catch((error: unknown) => {
        if (isT4Error(error, "ERR_T4_NOT_FOUND")) return { modified: [], extra: [] };
        throw error;
      });
      expect(report).toMatchObject({ modified: [], extra: [] });
    }
    await Package.install("u/p", { registry, dest: join(root, "dest") });
    expect(await pkg.verify(join(root, "dest"))).toMatchObject({ ok: true, checked: 300 });
    expect(readFileSync(join(root, "dest/d0/f0.txt"), "utf8")).toBe(contents[0]);
  }, 60_000);
});
