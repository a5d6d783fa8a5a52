import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLogicalKeys } from "#t4/format/logical-key.js";
import { SortedMap } from "#t4/manifest/sorted-map.js";

const key = fc.string({ unit: fc.constantFrom("a", "b", "/", " ", "é", "\u{1F600}"), maxLength: 4 });

describe("SortedMap", () => {
  it("is a map in tree order, of which every former state stays as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.option(fc.nat(), { nil: undefined }))), key, (steps, probe) => {
        const states: { map: SortedMap<number | undefined>; model: Map<string, number | undefined> }[] = [];
        let map = SortedMap.empty<number | undefined>();
        const model = new Map<string, number | undefined>();
        for (const [name, value] of steps) {
          map = map.with(name, value);
          model.set(name, value);
          states.push({ map, model: new Map(model) });
        }
        for (const state of states) {
          const sorted = [...state.model].sort(([a], [b]) => compareLogicalKeys(a, b));
          expect([...state.map]).toEqual(sorted);
          expect([...state.map.keys()]).toEqual(sorted.map(([name]) => name));
          expect([...state.map.values()]).toEqual(sorted.map(([, value]) => value));
          expect([...state.map.from(probe)]).toEqual(sorted.filter(([name]) => compareLogicalKeys(name, probe) >= 0));
          expect(state.map.size).toBe(state.model.size);
          expect([state.map.has(probe), state.map.get(probe)]).toEqual([
            state.model.has(probe),
            state.model.get(probe),
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
