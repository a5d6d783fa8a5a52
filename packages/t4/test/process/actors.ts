import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Random } from "testkit/random.js";
import { openRegistry } from "#t4/index.js";

const ACTOR = fileURLToPath(new URL("./actor.js", import.meta.url));

/** What an actor does again and again. */
export type Part = "push" | "gc" | "rollback" | "rm" | "install";

/** A process that works on a package. */
export interface Actor {
  readonly part: Part;
  readonly child: ChildProcess;
  /** What it said, line by line: top hashes that it published, or was about to take out. */
  readonly said: string[];
}

/** Where and on what actors work. */
export interface Stage {
  readonly root: string;
  readonly name: string;
  readonly dest: string;
}

export function startActor(part: Part, { root, name, dest }: Stage, who: string): Actor {
  const child = spawn(process.execPath, [ACTOR, part, root, name, who, dest], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines);
  });
  return { part, child, said };
}

export function ended({ child }: { readonly child: ChildProcess }): Promise<unknown> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("close", resolve));
}

/** Top hashes, newest first. */
export async function historyOf({ root, name }: Stage): Promise<string[]> {
  const found: string[] = [];
  for await (const { topHash } of (await openRegistry(root)).log(name)) found.push(topHash);
  return found;
}

/** How actors are troubled. */
export interface Trouble {
  readonly random: Random;
  /** So long at least, and until so many revisions are published. */
  readonly forMs: number;
  readonly count: number;
  /** So long one stands still, at least and at most. */
  readonly stopMs: readonly [number, number];
}

const PAUSE_MS = 20;
const [KILL, STOP, FATES] = [0, 1, 12];

/**
 * Lets actors work for a while, kills some with `kill -9` and puts fresh ones in their places, stops others for a time;
 * `meanwhile` runs again and again beside them. Returns all that ever were, ended.
 */
export async function trouble(
  first: readonly Actor[],
  stage: Stage,
  { random, forMs, count, stopMs, meanwhile }: Trouble & { readonly meanwhile: () => Promise<void> },
): Promise<{ readonly actors: readonly Actor[]; readonly kills: number; readonly stops: number }> {
  const actors = [...first];
  let living = [...first];
  let [kills, stops] = [0, 0];
  const until = Date.now() + forMs;
  const published = (): number => actors.filter(({ part }) => part === "push").flatMap(({ said }) => said).length;
  while (Date.now() < until || published() < count) {
    await meanwhile();
    const victim = random.pick(living);
    const fate = random.below(FATES);
    if (fate === KILL) {
      victim.child.kill("SIGKILL");
      await ended(victim);
      const fresh = startActor(victim.part, stage, `actor${actors.length}`);
      actors.push(fresh);
      living = [...living.filter((actor) => actor !== victim), fresh];
      kills++;
    } else if (fate === STOP) {
      victim.child.kill("SIGSTOP");
      setTimeout(() => victim.child.kill("SIGCONT"), stopMs[0] + random.below(stopMs[1] - stopMs[0]));
      stops++;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  for (const { child } of living) child.kill("SIGCONT");
  for (const { child } of living) child.kill("SIGTERM");
  await Promise.all(actors.map(ended));
  return { actors, kills, stops };
}
