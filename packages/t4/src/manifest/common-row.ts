import { plainKeyHash } from "./key-hash.js";
import {
  isAt,
  literal,
  type Output,
  type Part,
  plainEnd,
  putLiteral,
  putPart,
  type ViewedBytes,
} from "./plain-bytes.js";

const BEFORE_KEY = literal('{"logical_key": "');
const BEFORE_PLACE = literal('", "physical_keys": ["');
const BEFORE_SIZE = literal('"], "size": ');
const BEFORE_TYPE = literal(', "hash": {"type": "');
const BEFORE_VALUE = literal('", "value": "');
const END = literal('"}, "meta": {}}\n');

const CANONICAL_TYPE = literal('{"hash":{"type":"');
const CANONICAL_VALUE = literal('","value":"');
const CANONICAL_KEY = literal('"},"logical_key":"');
const CANONICAL_SIZE = literal('","meta":{},"size":');

const ZERO = 0x30;
const NINE = 0x39;
const CLOSING_BRACE = 0x7d;
const MAX_SIZE_DIGITS = 15;

/**
 * A row in the shape in which T4 and Quilt 3 write an entry without metadata and with nothing to escape:
 *
 * ```
 * {"logical_key": "K", "physical_keys": ["P"], "size": N, "hash": {"type": "T", "value": "V"}, "meta": {}}
 * ```
 *
 * K, P and T are at least one, V any number of printable ASCII characters but quote and backslash; N is a whole number of
 * at most 15 digits. Such a line says what it says without being read as JSON, which is the hot path of a manifest of a
 * million rows. Every other line is parsed.
 *
 * The parts are places in the bytes that were scanned last; one object serves for all rows.
 */
export class CommonRow {
  readonly key: Part = { start: 0, end: 0 };
  readonly #size: Part = { start: 0, end: 0 };
  readonly #type: Part = { start: 0, end: 0 };
  readonly #value: Part = { start: 0, end: 0 };
  readonly #found = { hash: 0, end: 0 };
  /** The size that the row says, bytes. */
  size = 0;

  /** Hash of the key, as `keyHash` has it. */
  get keyHash(): number {
    return this.#found.hash;
  }

  /** Reads the line at `start`; returns the place behind its line end, or −1 when it has another shape or is cut off. */
  scan(text: ViewedBytes, start: number): number {
    if (!isAt(text, start, BEFORE_KEY)) return -1;
    plainKeyHash(text, start + BEFORE_KEY.length, this.#found);
    const keyEnd = this.#found.end;
    if (!setPart(this.key, start + BEFORE_KEY.length, keyEnd) || !isAt(text, keyEnd, BEFORE_PLACE)) return -1;
    const placeStart = keyEnd + BEFORE_PLACE.length;
    const placeEnd = plainEnd(text, placeStart);
    if (placeEnd === placeStart || !isAt(text, placeEnd, BEFORE_SIZE)) return -1;
    const sizeEnd = this.#scanSize(text.bytes, placeEnd + BEFORE_SIZE.length);
    if (sizeEnd === -1 || !isAt(text, sizeEnd, BEFORE_TYPE)) return -1;
    const typeEnd = plainEnd(text, sizeEnd + BEFORE_TYPE.length);
    if (!setPart(this.#type, sizeEnd + BEFORE_TYPE.length, typeEnd) || !isAt(text, typeEnd, BEFORE_VALUE)) return -1;
    const valueEnd = plainEnd(text, typeEnd + BEFORE_VALUE.length);
    setPart(this.#value, typeEnd + BEFORE_VALUE.length, valueEnd);
    return isAt(text, valueEnd, END) ? valueEnd + END.length : -1;
  }

  /** Writes the row's canonical text, which is never longer than the row. */
  writeCanonical(text: ViewedBytes, out: Output): void {
    putLiteral(out, CANONICAL_TYPE);
    putPart(out, text, this.#type);
    putLiteral(out, CANONICAL_VALUE);
    putPart(out, text, this.#value);
    putLiteral(out, CANONICAL_KEY);
    putPart(out, text, this.key);
    putLiteral(out, CANONICAL_SIZE);
    putPart(out, text, this.#size);
    out.bytes[out.filled++] = CLOSING_BRACE;
  }

  /** Where the size ends that starts at `start`; −1 where none is. */
  #scanSize(bytes: Uint8Array, start: number): number {
    let size = 0;
    let end = start;
    for (; end < bytes.length; end++) {
      const byte = bytes[end] as number;
      if (byte < ZERO || byte > NINE) break;
      size = size * 10 + byte - ZERO;
    }
    this.size = size;
    setPart(this.#size, start, end);
    const digits = end - start;
    return digits === 1 || (digits > 1 && digits <= MAX_SIZE_DIGITS && bytes[start] !== ZERO) ? end : -1;
  }
}

/** Sets a part; tells whether it has any bytes. */
function setPart(part: Part, start: number, end: number): boolean {
  part.start = start;
  part.end = end;
  return end > start;
}
