/** Takes bytes off a stream, as many as are wanted. */
export interface ByteReader {
  /** The next bytes, in memory of their own. Throws an Error where the stream ends before. */
  take(count: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Reads a stream of chunks of any length. */
export function createByteReader(chunks: AsyncIterable<Uint8Array>): ByteReader {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async take(count) {
      const parts = [rest];
      let size = rest.length;
      while (size < count) {
        const next = await source.next();
        if (next.done === true) throw new Error("it ends too early");
        parts.push(next.value);
        size += next.value.length;
      }
      const all = parts.length === 1 ? rest : Buffer.concat(parts);
      rest = all.subarray(count);
      return all.slice(0, count);
    },
    close: () => Promise.resolve(source.return?.()).then(() => undefined),
  };
}
