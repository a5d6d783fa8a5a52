import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapConcurrent } from "#t4/base/concurrency.js";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("mapConcurrent", () => {
  it("yields results in the order of the items, whatever order they finish in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, items, concurrency) => {
          const work = scheduler.scheduleFunction(async (item: number) => item * 2);
          const all = collect(mapConcurrent(items, work, { concurrency }));
          expect(await scheduler.waitFor(all)).toEqual(items.map((item) => item * 2));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("never runs more calls at once than asked for", async () => {
    let running = 0;
    let peak = 0;
    const work = async (item: number): Promise<number> => {
      peak = Math.max(peak, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return item;
    };
    await collect(
      mapConcurrent(
        Array.from({ length: 50 }, (_, i) => i),
        work,
        { concurrency: 4 },
      ),
    );
    expect(peak).toBe(4);
  });

  it("aborts and awaits the siblings before an error goes on", async () => {
    const ended: string[] = [];
    const work = (item: string, signal: AbortSignal): Promise<string> =>
      new Promise((resolve, reject) => {
        if (item === "bad") {
          setTimeout(() => reject(new Error("bad item")), 1);
          return;
        }
        signal.addEventListener("abort", () => {
          ended.push(item);
          resolve(item);
        });
      });
    await expect(collect(mapConcurrent(["bad", "a", "b"], work, { concurrency: 3 }))).rejects.toThrow("bad item");
    expect(ended).toEqual(["a", "b"]);
  });

  it("does so at once when a later one fails, whose error it is", async () => {
    const started: string[] = [];
    const work = (item: string, signal: AbortSignal): Promise<string> => {
      started.push(item);
      if (item === "bad") return Promise.reject(new Error("bad item"));
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("only stopped")));
      });
    };
    const all = collect(mapConcurrent(["slow", "bad", "a", "b", "c"], work, { concurrency: 3 }));
    await expect(all).rejects.toThrow("bad item");
    expect(started.length).toBeLessThanOrEqual(3);
  }, 2000);

  it("stops the rest when the reader breaks off", async () => {
    const started: number[] = [];
    const work = async (item: number): Promise<number> => {
      started.push(item);
      return item;
    };
    for await (const item of mapConcurrent([1, 2, 3, 4, 5, 6], work, { concurrency: 2 })) {
      if (item === 1) break;
    }
    expect(started.length).toBeLessThan(6);
  });

  it("rejects with the caller's own reason", async () => {
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    await expect(collect(mapConcurrent([1], async (x) => x, { concurrency: 1, signal }))).rejects.toBe(reason);
  });
});
