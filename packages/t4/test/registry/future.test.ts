import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "#t4/format/package-name.js";
import { encodePointer, LATEST } from "#t4/format/pointer.js";
import { pointerKey } from "#t4/format/registry-layout.js";
import { parseTopHash, type TopHash } from "#t4/format/top-hash.js";
import { packageRegistry } from "#t4/registry/registry.js";

const NAME = parsePackageName("alice/data");
const hash = (digit: string): TopHash => parseTopHash(digit.repeat(64));
const NOW_S = 1_700_000_000;

describe("a push behind pointers of a client whose clock is wrong", () => {
  let slept: number;

  /** A package that another client wrote, with its pointers, and a clock that only sleeping moves. */
  async function shared(...pointers: string[]) {
    slept = 0;
    const store = memoryStore();
    for (const pointer of [...pointers, LATEST]) await store.put(pointerKey(NAME, pointer), encodePointer(hash("a")));
    const enough = new AbortController();
    const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
      enough.abort(new Error("enough"));
      signal?.throwIfAborted();
      slept += ms;
    };
    const registry = packageRegistry(store, { clock: { now: () => NOW_S * 1000 + slept, sleep } });
    return {
      commit: async (digit: string, parent: string) =>
        (await registry.commit({ name: NAME, topHash: hash(digit) }, { parent: hash(parent) })).pointer,
      abortWhileItWaits: async () => {
        const { signal } = enough;
        await registry.commit({ name: NAME, topHash: hash("b") }, { parent: hash("a"), signal }).catch(() => undefined);
        return { isPublished: (await registry.latest(NAME)) === hash("b"), slept };
      },
    };
  }

  it("waits for a moment at most, and sorts behind them", async () => {
    const near = await shared(String(NOW_S + 1));
    expect(await near.commit("b", "a")).toBe(String(NOW_S + 2));
    expect(slept).toBeGreaterThan(3000);
    expect(slept).toBeLessThan(5000);
    const far = await shared("4000000000");
    expect(await far.commit("b", "a")).toBe("4000000001");
    expect(await far.commit("c", "b")).toBe("4000000002");
    expect(slept).toBe(0);
  });

  it("keeps to ten digits and to the order of its own where these are used up", async () => {
    const end = await shared("9999999998", "9999999999", "10000000000", "17000000000");
    expect(await end.commit("b", "a")).toBe(String(NOW_S - 5));
    expect(await end.commit("c", "b")).toBe(String(NOW_S - 4));
    const last = await shared("9999999998");
    expect(await last.commit("b", "a")).toBe("9999999999");
    expect(await last.commit("c", "b")).toBe(String(NOW_S - 5));
  });

  it("stops waiting when it is aborted", async () => {
    const near = await shared(String(NOW_S + 1));
    expect(await near.abortWhileItWaits()).toEqual({ isPublished: false, slept: 0 });
  });
});
