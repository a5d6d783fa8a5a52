import { S3Error } from "./s3-error.js";

/** Bytes, half-open. */
export type ByteRange = readonly [from: number, to: number];

/**
 * Reads a Range header; several ranges or nonsense count as none, as on S3.
 *
 * @returns `undefined`: the whole.
 * @throws {@link S3Error} `InvalidRange` (416) when it lies outside.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(?!-$)(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined) return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const [from, to] = first === "" ? suffix(Number(last), size) : [Number(first), end(last, size)];
  if (from < to) return [from, to];
  throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
    elements: { RangeRequested: header ?? "", ActualObjectSize: String(size) },
    headers: { "content-range": `bytes */${size}` },
  });
}

const suffix = (length: number, size: number): ByteRange => [Math.max(0, size - length), length === 0 ? 0 : size];
const end = (last: string, size: number): number => (last === "" ? size : Math.min(size, Number(last) + 1));
