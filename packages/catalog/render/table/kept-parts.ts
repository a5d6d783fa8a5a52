/** Reads bytes `[start, end)`. */
export type ReadPart = (start: number, end: number) => Promise<Uint8Array>;

/**
 * Keeps the parts that were read last, up to `mostBytes`: those who ask for one at the same time, or again, share one read.
 * A part that could not be read is asked for again.
 */
export function keptParts(read: ReadPart, mostBytes: number): ReadPart {
  const kept = new Map<string, { readonly size: number; readonly bytes: Promise<Uint8Array> }>();
  let held = 0;
  const drop = (key: string): void => {
    held -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return (start, end) => {
    const key = `${start}-${end}`;
    const part = kept.get(key) ?? { size: end - start, bytes: read(start, end) };
    drop(key);
    kept.set(key, part);
    held += part.size;
    for (const oldest of kept.keys()) if (held > mostBytes && oldest !== key) drop(oldest);
    part.bytes.catch(() => drop(key));
    return part.bytes;
  };
}
