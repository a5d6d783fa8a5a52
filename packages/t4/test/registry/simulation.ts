import { SimDisk } from "testkit/file-system/sim-disk.js";
import { type Fault, simFileSystem } from "testkit/file-system/sim-file-system.js";
import { seededRandom } from "testkit/random.js";
import { type Actor, type Fate, Scheduler } from "testkit/scheduler.js";
import { simClock } from "testkit/sim-clock.js";
import { isT4Error } from "#t4/base/errors.js";
import { parsePackageName } from "#t4/format/package-name.js";
import type { TopHash } from "#t4/format/top-hash.js";
import { type PackageRegistry, packageRegistry } from "#t4/registry/registry.js";
import { fileStore } from "#t4/store/file/file-store.js";

// What the registry loads when it is first used would come at a moment that no seed decides.
await Promise.all([
  import("#t4/registry/change-pointers.js"),
  import("#t4/registry/check-registry.js"),
  import("#t4/registry/collect-garbage.js"),
  import("#t4/registry/undo-operation.js"),
]);

export const NAME = parsePackageName("alice/data");
export const ROOT = "/registry";
export const POINTERS_OF_NAME = `${ROOT}/.quilt/named_packages/alice/data`;
const START_MS = Date.UTC(2026, 0, 1);

/** One simulated disk and the processes that work on it. */
export interface World {
  readonly scheduler: Scheduler;
  disk: SimDisk;
  readonly log: Log;
}

/** What the writers were told; the truth to hold the registry against. */
export interface Log {
  /** Each revision that someone tried to publish, and what it was to stand on. */
  readonly attempts: Map<TopHash, TopHash | undefined>;
  readonly acknowledged: TopHash[];
  /** The pointers that they were acknowledged with. */
  readonly listedAt: Map<TopHash, string>;
  /** Revisions whose writer was told that nothing was published. */
  readonly refused: TopHash[];
}

export function createWorld(seed: number, fate?: Fate): World {
  const scheduler = new Scheduler({
    random: seededRandom(seed),
    now: START_MS,
    ...(fate === undefined ? {} : { fate }),
  });
  const disk = new SimDisk(() => scheduler.now());
  disk.create(ROOT, true);
  disk.flushDirectory("/");
  return { scheduler, disk, log: { attempts: new Map(), acknowledged: [], listedAt: new Map(), refused: [] } };
}

/** The registry as one process sees it. */
export function openAs(
  world: World,
  actor: Actor,
  { skewMs = 0, fault }: { readonly skewMs?: number; readonly fault?: Fault } = {},
): PackageRegistry {
  const { scheduler, disk } = world;
  const clock = simClock(scheduler, actor, skewMs);
  const fs = simFileSystem({ disk, scheduler, actor, ...(fault === undefined ? {} : { fault }) });
  const store = fileStore(ROOT, {
    stateKey: ".quilt/t4",
    url: `file://${ROOT}`,
    fs,
    clock,
    random: () => scheduler.random.next(),
  });
  // Manifests are read through the simulated disk, too, not by their paths.
  return packageRegistry({ ...store, localPath: undefined }, { clock });
}

/** A manifest without entries; the message tells revisions apart. */
export async function writeRevision(registry: PackageRegistry, message: string): Promise<TopHash> {
  const header = new Map([
    ["version", "v0"],
    ["message", message],
  ]);
  return (await registry.writeManifest({ header, directories: new Map(), entries: [] })).topHash;
}

/** A process that publishes `count` revisions, each on top of what is latest, trying again when others were faster. */
export async function writer(
  world: Pick<World, "log">,
  registry: PackageRegistry,
  who: { readonly name: string; readonly count: number },
): Promise<void> {
  const { log } = world;
  for (let done = 0, tries = 0; done < who.count; tries++) {
    let topHash: TopHash | undefined;
    try {
      const parent = await registry.latest(NAME);
      topHash = await writeRevision(registry, `${who.name} ${tries}`);
      log.attempts.set(topHash, parent);
      const { pointer } = await registry.commit({ name: NAME, topHash }, { parent });
      log.acknowledged.push(topHash);
      log.listedAt.set(topHash, pointer);
      done++;
    } catch (error) {
      // Integrity: a client that writes in place has stopped halfway.
      if (!isT4Error(error, "ERR_T4_CONFLICT", "ERR_T4_BUSY", "ERR_T4_INTEGRITY")) throw error;
      if (topHash !== undefined) log.refused.push(topHash);
    }
  }
}

/** Runs actors' code beside one another until all have ended or died. */
export async function runAll(world: Pick<World, "scheduler">, running: readonly Promise<void>[]): Promise<void> {
  let failure: unknown;
  for (const run of running) {
    run.catch((error: unknown) => {
      failure ??= error;
    });
  }
  await world.scheduler.run();
  if (failure !== undefined) throw failure;
}

/** Does something as a process of its own that nothing befalls. */
export async function alone<Result>(
  world: World,
  act: (registry: PackageRegistry) => Promise<Result>,
): Promise<Result> {
  const actor = world.scheduler.actor("alone");
  let result: Result | undefined;
  await runAll(world, [
    (async () => {
      result = await act(openAs(world, actor));
    })(),
  ]);
  return result as Result;
}

/** The pointers of the history, by what they hold. */
export async function pointersOf(registry: PackageRegistry): Promise<ReadonlyMap<TopHash, string>> {
  const found = new Map<TopHash, string>();
  for await (const { topHash, pointer } of registry.revisions(NAME)) found.set(topHash, pointer);
  return found;
}

/** The history, oldest first. */
export async function historyOf(registry: PackageRegistry): Promise<TopHash[]> {
  const found: TopHash[] = [];
  for await (const { topHash } of registry.revisions(NAME)) found.push(topHash);
  return found.reverse();
}
