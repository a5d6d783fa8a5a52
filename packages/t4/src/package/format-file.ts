import type { FormatFile, RandomAccess } from "../content/format.js";
import { collectUnpacked, nameUnpacked, unpackerFor } from "../content/unpack.js";
import type { PackageEntry, RowsOptions } from "./package-entry.js";

/** Files up to this size are read whole, and so can be verified: it costs no more requests than a part of them. */
const WHOLE_BYTES = 1 << 20;
/** What is read at least: formats look at a few bytes here and there. */
const BLOCK_BYTES = 64 << 10;

/** An entry as formats read it. */
export function formatFile(
  entry: PackageEntry,
  { text = false, verify }: Pick<RowsOptions, "text" | "verify">,
): FormatFile {
  const { logicalKey } = entry;
  const unpack = unpackerFor(logicalKey);
  const stream = (): AsyncIterable<Uint8Array> => {
    const packed = entry.stream({ verify: verify !== false });
    return unpack === undefined ? packed : unpack(packed, logicalKey);
  };
  const whole = (): Promise<Uint8Array> =>
    unpack === undefined ? entry.bytes({ verify: verify !== false }) : collectUnpacked(stream(), logicalKey);
  return {
    path: nameUnpacked(logicalKey),
    asText: text,
    stream,
    whole,
    async random() {
      const { size } = entry;
      if (unpack !== undefined || size === undefined || size <= WHOLE_BYTES) return inMemory(await whole());
      if (verify === true) for await (const _ of entry.stream());
      return inBlocks(size, async (start, end) => Buffer.concat(await collect(entry.stream({ start, end }))));
    },
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function inMemory(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) };
}

/** Keeps the block that was read last, so that small reads beside each other are one. */
function inBlocks(size: number, read: RandomAccess["read"]): RandomAccess {
  let last: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  return {
    size,
    async read(start, end) {
      if (end - start >= BLOCK_BYTES) return read(start, end);
      if (start < last.start || end > last.start + last.bytes.length) {
        last = { start, bytes: await read(start, Math.min(size, start + BLOCK_BYTES)) };
      }
      return last.bytes.subarray(start - last.start, end - last.start);
    },
  };
}
