import fc from "fast-check";
import { expect, it } from "vitest";
import { compareCodePoints } from "#t4/base/code-points.js";

/** By the definition: one code point after the other, half a pair alone counting as itself. */
function compareByDefinition(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0)) as [
    number[],
    number[],
  ];
  const at = left.findIndex((codePoint, i) => codePoint !== right[i]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? 0) - (right[at] ?? -1);
}

it("strings are ordered by code point, whole pairs, halves and all", () => {
  const unit = fc.constantFrom(
    "a",
    "\ud7ff",
    "\ud800",
    "\ud83d",
    "\udbff",
    "\udc00",
    "\ude00",
    "\udfff",
    "\ue000",
    "\uffff",
  );
  const text = fc.array(unit, { maxLength: 5 }).map((units) => units.join(""));
  const property = fc.property(text, text, (a, b) => {
    expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(compareByDefinition(a, b)));
  });
  fc.assert(property, {
    numRuns: 5000,
    examples: [
      ["\ue000", "\ud800"],
      ["\ud83d\ude00", "\ud83d"],
      ["\ud83d\ude00", "\ud83d\uffff"],
    ],
  });
});
