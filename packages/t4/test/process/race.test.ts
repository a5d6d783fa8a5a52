import { join } from "node:path";
import { seededRandom } from "testkit/random.js";
import { isCampaign } from "testkit/runs.js";
import { beforeEach, describe, expect, it } from "vitest";
import { isT4Error, openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { historyOf, type Part, type Stage, startActor, type Trouble, trouble } from "./actors.js";

const EXTENT: Pick<Trouble, "forMs" | "count" | "stopMs"> = isCampaign
  ? { forMs: 60_000, count: 200, stopMs: [500, 6000] }
  : { forMs: 2000, count: 10, stopMs: [200, 1200] };
const WRITERS = isCampaign ? 8 : 4;

describe("several processes that work on one package", () => {
  let stage: Stage;
  let reads: number;
  const writers = Array.from({ length: WRITERS }, (): Part => "push");
  const random = seededRandom(Date.now());

  beforeEach(() => {
    const root = temporaryDirectory();
    stage = { root: join(root, "registry"), name: "race/data", dest: join(root, "dest") };
    reads = 0;
  });

  /** What a reader sees is whole; and there once it was there, unless someone takes out revisions. */
  async function read(isTakenOut: boolean): Promise<void> {
    try {
      const pkg = await Package.browse(stage.name, { registry: stage.root });
      expect(await pkg.entry("who.txt").text()).toMatch(/^actor\d+ \d+$/);
      reads++;
    } catch (error) {
      if (!isT4Error(error, "ERR_T4_NOT_FOUND") || (reads > 0 && !isTakenOut)) throw error;
    }
  }

  async function play(parts: readonly Part[]): Promise<{ readonly published: string[]; readonly removed: string[] }> {
    const first = parts.map((part, i) => startActor(part, stage, `actor${i}`));
    const meanwhile = (): Promise<void> => read(parts.includes("rm"));
    const { actors, kills, stops } = await trouble(first, stage, { random, ...EXTENT, meanwhile });
    const said = (part: Part): string[] => actors.filter((actor) => actor.part === part).flatMap((actor) => actor.said);
    const [published, removed] = [said("push"), said("rm")];
    if (isCampaign) console.log(`${published.length} published, ${kills} killed, ${stops} stopped, ${reads} reads`);
    if (!parts.includes("rm")) expect(reads).toBeGreaterThan(0);
    // Each actor's own revisions come one after the other.
    const history = (await historyOf(stage)).reverse();
    for (const actor of actors.filter(({ part }) => part === "push")) {
      const places = actor.said.map((topHash) => history.indexOf(topHash)).filter((at) => at !== -1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
    return { published, removed };
  }

  /** The next push needs no cleaning up, and nothing is damaged. */
  async function expectWhole(): Promise<void> {
    const history = await historyOf(stage);
    const next = await new Package().setText("who.txt", "actor9 9");
    const topHash = await next.push(stage.name, stage.root, { message: "after all" });
    expect(await historyOf(stage)).toEqual([topHash, ...history]);
    const findings = await (await openRegistry(stage.root)).fsck({ readData: true });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  }

  it("lose nothing that was acknowledged and list it once, whoever is killed or stopped when", async () => {
    const { published } = await play(writers);
    const history = await historyOf(stage);
    expect(published.filter((topHash) => !history.includes(topHash))).toEqual([]);
    expect(new Set(history).size).toBe(history.length);
    await expectWhole();
  }, 180_000);

  it("lose only what they take out, beside gc, rollback, rm and install", async () => {
    const { published, removed } = await play([...writers.slice(3), "gc", "rollback", "rm", "install"]);
    const history = await historyOf(stage);
    const kept = published.filter((topHash) => !removed.includes(topHash));
    expect(kept.filter((topHash) => !history.includes(topHash))).toEqual([]);
    expect(new Set(history).size).toBe(history.length);
    await expectWhole();
  }, 180_000);
});
