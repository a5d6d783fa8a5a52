import { memoryStore } from "testkit/memory-store.js";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "#t4/format/package-name.js";
import { encodePointer, LATEST } from "#t4/format/pointer.js";
import { pointerKey } from "#t4/format/registry-layout.js";
import { parseTopHash } from "#t4/format/top-hash.js";
import { packageRegistry } from "#t4/registry/registry.js";

const NAME = parsePackageName("alice/data");
const OURS = parseTopHash("a".repeat(64));
const OLD = parseTopHash("b".repeat(64));
const THEIRS = parseTopHash("c".repeat(64));

/** Slots, newest first, of a package whose latest revision was to be listed at slot 200. */
async function slotsWith(pointers: Readonly<Record<number, string>>): Promise<string[]> {
  const store = memoryStore();
  const note = { slot: "200", listed: "true", shared: "true" };
  await store.put(pointerKey(NAME, LATEST), encodePointer(OURS), { mode: { replaces: undefined }, note });
  for (const [slot, topHash] of Object.entries(pointers))
    await store.put(pointerKey(NAME, slot.padStart(10, "0")), encodePointer(parseTopHash(topHash)));
  const found: string[] = [];
  for await (const { pointer, topHash, isLatest } of packageRegistry(store).revisions(NAME))
    found.push(`${Number(pointer)} ${topHash[0]}${isLatest ? " latest" : ""}`);
  return found;
}

describe("a revision whose writer died before listing it", () => {
  it("is shown at its place, also behind a pointer that another client wrote since", async () => {
    expect(await slotsWith({ 100: OLD })).toEqual(["200 a latest", "100 b"]);
    expect(await slotsWith({ 100: OLD, 205: THEIRS })).toEqual(["205 c", "200 a latest", "100 b"]);
  });

  it("is shown where the next writer will list it when another client took its place", async () => {
    const taken = { 100: OLD, 200: THEIRS, 201: THEIRS, 203: THEIRS };
    expect(await slotsWith(taken)).toEqual(["203 c", "202 a latest", "201 c", "200 c", "100 b"]);
  });

  it("is shown once when it is listed", async () => {
    expect(await slotsWith({ 100: OLD, 200: OURS })).toEqual(["200 a latest", "100 b"]);
    expect(await slotsWith({ 100: OLD, 200: THEIRS, 201: OURS })).toEqual(["201 a latest", "200 c", "100 b"]);
  });
});
