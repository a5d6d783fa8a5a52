import { createHash } from "node:crypto";
import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import { parsePackageName } from "#t4/format/package-name.js";
import { encodePointer, LATEST } from "#t4/format/pointer.js";
import { pointerKey } from "#t4/format/registry-layout.js";
import { parseTopHash, type TopHash } from "#t4/format/top-hash.js";
import { packageRegistry } from "#t4/registry/registry.js";
import type { Store } from "#t4/store/store.js";

const NAME = parsePackageName("alice/data");
const hash = (text: string): TopHash => parseTopHash(createHash("sha256").update(text).digest("hex"));
/** What one request costs. */
const REQUEST_MS = 5;
const PUSHES = 8;
/** So often a push may find that the other was faster before it comes through. */
const MOST_TRIES = 4;

/** A registry in which another client publishes at fixed times, whatever is there: the pointer of its second, then `latest`. */
function busyRegistry(everyMs: number) {
  let now = 1_700_000_000_000;
  const disk = memoryStore();
  let nextMs = now;
  let foreign = 0;
  const advance = async (ms: number): Promise<void> => {
    const end = now + ms;
    for (; nextMs <= end; nextMs += everyMs) {
      now = nextMs;
      const body = encodePointer(hash(`foreign ${foreign++}`));
      for (const pointer of [String(Math.floor(now / 1000)), LATEST]) await disk.put(pointerKey(NAME, pointer), body);
    }
    now = end;
  };
  const timed =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await advance(REQUEST_MS);
      return call(...args);
    };
  const store: Store = {
    ...disk,
    get: timed((key, options) => disk.get(key, options)),
    put: timed((key, bytes, options) => disk.put(key, bytes, options)),
  };
  return packageRegistry(store, { clock: { now: () => now, sleep: advance } });
}

describe("a push beside a client that publishes again and again", () => {
  it.each([200, 300, 700, 1000, 2500])(
    "comes through in a few tries, every %i ms, and stays in the history",
    async (everyMs) => {
      const registry = busyRegistry(everyMs);
      const acknowledged: TopHash[] = [];
      for (let push = 0; push < PUSHES; push++) {
        for (let tries = 1; acknowledged.length === push; tries++) {
          expect(tries).toBeLessThanOrEqual(MOST_TRIES);
          try {
            const topHash = hash(`ours ${push}`);
            await registry.commit({ name: NAME, topHash }, { parent: await registry.latest(NAME) });
            acknowledged.push(topHash);
          } catch (error) {
            if (!isT4Error(error, "ERR_T4_CONFLICT")) throw error;
          }
        }
      }
      const history: TopHash[] = [];
      for await (const { topHash } of registry.revisions(NAME)) history.push(topHash);
      expect(acknowledged.filter((topHash) => history.filter((other) => other === topHash).length !== 1)).toEqual([]);
    },
  );
});
