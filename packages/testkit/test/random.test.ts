import { seededRandom } from "testkit/random.js";
import { describe, expect, it } from "vitest";

describe("numbers from a seed", () => {
  it("are the same for the same seed, others for another, and spread evenly", () => {
    const take = (seed: number, count: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: count }, () => random.below(10));
    };
    expect(take(1, 50)).toEqual(take(1, 50));
    expect(take(1, 50)).not.toEqual(take(2, 50));
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 1000; seed++) for (const n of take(seed, 10)) counts.set(n, (counts.get(n) ?? 0) + 1);
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
