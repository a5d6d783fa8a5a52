import type { TopHash } from "#t4/format/top-hash.js";
import { NAME, openAs, POINTERS_OF_NAME, type World, writeRevision } from "./simulation.js";

const SECOND = 1000;

/** Writes the pointer whose name, a second, the other client chose just before. */
export const NAMES_THIS_SECOND = /^(?:truncate|fill) .*\/[0-9]{10}$/;

/** Does as Quilt 3 does: looks, writes the pointer of this second and `latest` in place, each first emptied, then filled. */
export async function foreignWriter(world: World, count: number): Promise<void> {
  const { scheduler, disk } = world;
  const actor = scheduler.actor("foreign");
  const registry = openAs(world, actor);
  const step = (label: string, act: () => void): Promise<void> => scheduler.step(actor, { label, act });
  for (let i = 0; i < count; i++) {
    await scheduler.step(actor, { label: "think", delayMs: 1000 + scheduler.random.below(4000), act: () => undefined });
    const parent = await registry.latest(NAME);
    if (parent === undefined) continue;
    const topHash = await writeRevision(registry, `foreign ${i}`);
    world.log.attempts.set(topHash, parent);
    const body = Buffer.from(topHash satisfies TopHash);
    const second = Math.floor(scheduler.now() / SECOND);
    for (const path of [`${POINTERS_OF_NAME}/${second}`, `${POINTERS_OF_NAME}/latest`]) {
      await step(`truncate ${path}`, () => disk.overwrite(path, new Uint8Array()));
      await step(`fill ${path}`, () => disk.overwrite(path, body));
    }
  }
}
