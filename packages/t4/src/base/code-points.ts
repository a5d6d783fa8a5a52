/**
 * Compares two strings by code point, as Python does; JavaScript's own order is by UTF-16 unit and differs above U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return rankAt(a, i) - rankAt(b, i);
  }
  return a.length - b.length;
}

/**
 * Where the unit at `i` stands in code point order, for two strings that are equal before `i`: the halves of a pair stand
 * above all else, half a pair alone stands where its own number is.
 */
export function rankAt(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if (unit < 0xd800 || unit >= 0xe000) return unit;
  const isPaired = unit < 0xdc00 ? isLow(text.charCodeAt(i + 1)) : isHigh(text.charCodeAt(i - 1));
  return isPaired ? unit + 0x10000 : unit;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
