/**
 * Bytes with a view of them: comparing and copying four at a time halves the time that a large manifest takes, and
 * only a view can do so at any place.
 */
export interface ViewedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Makes a view of bytes. */
export function viewed(bytes: Uint8Array): ViewedBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** ASCII text of at least four characters, as words: the last one overlaps the one before where four does not divide it. */
export interface Literal {
  readonly length: number;
  readonly words: Int32Array;
  readonly lastWord: number;
}

/** Makes a literal. */
export function literal(text: string): Literal {
  const { bytes, view } = viewed(new TextEncoder().encode(text));
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(i << 2, true));
  return { length: bytes.length, words, lastWord: view.getInt32(bytes.length - 4, true) };
}

/** Whether the literal stands at a place. */
export function isAt({ view }: ViewedBytes, at: number, { length, words, lastWord }: Literal): boolean {
  if (at + length > view.byteLength) return false;
  for (let i = 0; i < words.length; i++) if (view.getInt32(at + (i << 2), true) !== words[i]) return false;
  return view.getInt32(at + length - 4, true) === lastWord;
}

/** Part of some bytes: `[start, end)`. */
export interface Part {
  start: number;
  end: number;
}

/** Bytes that are being filled. */
export interface Output extends ViewedBytes {
  /** How many of them are. */
  filled: number;
}

/** Makes room for so many bytes. */
export function output(length: number): Output {
  return { ...viewed(new Uint8Array(length)), filled: 0 };
}

/** Writes the literal. */
export function putLiteral(to: Output, { length, words, lastWord }: Literal): void {
  const { view, filled } = to;
  for (let i = 0; i < words.length; i++) view.setInt32(filled + (i << 2), words[i] as number, true);
  view.setInt32(filled + length - 4, lastWord, true);
  to.filled = filled + length;
}

/** Copies a part. A loop, since calling `set` would cost more than such short pieces. */
export function putPart(to: Output, from: ViewedBytes, { start, end }: Part): void {
  let at = to.filled;
  let i = start;
  for (; i + 4 <= end; i += 4, at += 4) to.view.setInt32(at, from.view.getInt32(i, true), true);
  for (; i < end; i++) to.bytes[at++] = from.bytes[i] as number;
  to.filled = at;
}

/** Printable ASCII but quote and backslash: what stands for itself in every JSON style. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x5c ? 1 : 0,
);

/** Whether each of the four bytes of a word is plain. */
export function isPlainWord(word: number): boolean {
  // Each term sets the high bit of a byte that is not plain: beyond ASCII; DEL; below the blank; a quote or backslash, which
  // XOR makes zero. A carry or borrow only ever comes out of a byte that is not plain, so it says nothing wrong.
  const beyond = word | (word + 0x01010101);
  const below = word - 0x20202020;
  const quote = (word ^ 0x22222222) - 0x01010101;
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return ((beyond | below | quote | backslash) & 0x80808080) === 0;
}

/** Where the plain bytes from `at` on end. */
export function plainEnd({ bytes, view }: ViewedBytes, at: number): number {
  const last = bytes.length - 4;
  while (at <= last && isPlainWord(view.getInt32(at, true))) at += 4;
  while (at < bytes.length && PLAIN[bytes[at] as number] === 1) at++;
  return at;
}
