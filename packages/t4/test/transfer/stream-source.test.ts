import { expect, it } from "vitest";
import { streamSource } from "#t4/transfer/fetch-source.js";
import type { RemoteSource } from "#t4/transfer/file-job.js";

const MIB = 1 << 20;
const WHOLE = { start: 0, end: Number.POSITIVE_INFINITY, isAllWanted: false };

/** An object whose bytes tell where they are, and what was asked of it. */
function remote(size: number) {
  const asked: (readonly [number, number])[] = [];
  const source: RemoteSource = {
    url: "s3://bucket/k",
    size,
    async read(start, end) {
      asked.push([start, end]);
      return Buffer.alloc(end - start, start >> 10);
    },
  };
  return { source, asked, bytes: () => asked.reduce((sum, [start, end]) => sum + end - start, 0) };
}

it("fetches little for who reads the beginning of a large object", async () => {
  const { source, bytes } = remote(48 * MIB);
  for await (const _ of streamSource(source, WHOLE)) break;
  expect(bytes()).toBeLessThanOrEqual(4 * MIB);
});

it.each([
  [4 * MIB, false],
  [8 * MIB, true],
])("asks once for an object of %i bytes, all wanted: %s", async (size, isAllWanted) => {
  const { source, asked } = remote(size);
  for await (const _ of streamSource(source, { ...WHOLE, isAllWanted }));
  expect(asked).toEqual([[0, size]]);
});

it("asks once for a range of a few MiB", async () => {
  const { source, asked } = remote(48 * MIB);
  for await (const _ of streamSource(source, { start: 7, end: 7 + 3 * MIB, isAllWanted: true }));
  expect(asked).toEqual([[7, 7 + 3 * MIB]]);
});

it.each([
  [0, Number.POSITIVE_INFINITY],
  [0, 48 * MIB],
  [5, 48 * MIB - 3],
  [MIB, MIB + 1],
])("gives all bytes from %i to before %i, in parts of 8 MiB at most", async (start, end) => {
  const { source, asked } = remote(48 * MIB);
  let length = 0;
  for await (const chunk of streamSource(source, { start, end, isAllWanted: false })) length += chunk.length;
  const last = Math.min(end, 48 * MIB);
  expect(length).toBe(last - start);
  expect(asked[0]?.[0]).toBe(start);
  expect(asked.at(-1)?.[1]).toBe(last);
  for (const [i, [from, to]] of asked.entries()) {
    expect(to - from).toBeLessThanOrEqual(8 * MIB);
    if (i > 0) expect(from).toBe(asked[i - 1]?.[1]);
  }
  expect(asked.length).toBeLessThanOrEqual(11);
});
