import { T4Error } from "../base/errors.js";
import { compareLogicalKeys } from "../format/logical-key.js";
import { asciiText, MANIFEST_HINT } from "./line-reader.js";
import { output, type Part, putPart, type ViewedBytes } from "./plain-bytes.js";

const SLASH = 0x2f;

/** Watches whether keys come in tree order, each but once, and none inside another as if that were a directory. */
export class KeyOrder {
  #text: string | undefined;
  /** The last key when it was plain. */
  #plain = output(1024);
  #isFirst = true;

  /**
   * Takes a key of plain bytes; `false` when it does not come behind the last one.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when both cannot be in one package.
   */
  takePlain(from: ViewedBytes, key: Part): boolean {
    const isInOrder =
      this.#text === undefined
        ? this.#isBehindLast(from, key)
        : isBehind(this.#text, asciiText(from.bytes, key.start, key.end));
    const length = key.end - key.start;
    if (length > this.#plain.bytes.length) this.#plain = output(length * 2);
    this.#plain.filled = 0;
    putPart(this.#plain, from, key);
    this.#text = undefined;
    this.#isFirst = false;
    return isInOrder;
  }

  /** Takes any key; as {@link KeyOrder.takePlain}. */
  takeText(key: string): boolean {
    const isInOrder = this.#isFirst || isBehind(this.#last, key);
    this.#text = key;
    this.#isFirst = false;
    return isInOrder;
  }

  get #last(): string {
    return this.#text ?? asciiText(this.#plain.bytes, 0, this.#plain.filled);
  }

  #isBehindLast({ bytes }: ViewedBytes, { start, end }: Part): boolean {
    if (this.#isFirst) return true;
    const { bytes: last, filled } = this.#plain;
    const length = end - start;
    const shared = Math.min(length, filled);
    let at = 0;
    while (at < shared && last[at] === bytes[start + at]) at++;
    if (at < shared) return rank(last[at] as number) < rank(bytes[start + at] as number);
    if (length < filled) return false;
    if (length === filled || bytes[start + at] === SLASH) throw clash(this.#last, asciiText(bytes, start, end));
    return true;
  }
}

/** As in `compareLogicalKeys`: the slash takes a place below all. */
function rank(byte: number): number {
  return byte === SLASH ? -1 : byte;
}

function isBehind(last: string, next: string): boolean {
  const order = compareLogicalKeys(last, next);
  if (order === 0 || next.startsWith(`${last}/`)) throw clash(last, next);
  return order < 0;
}

/** Marks the errors that {@link isKeyClash} knows. */
const KEY_CLASH = "keys clash";

/** Whether a manifest was refused for a key that stands twice or inside another as if that were a directory. */
export function isKeyClash(error: T4Error): boolean {
  return error.facts["fault"] === KEY_CLASH;
}

function clash(last: string, next: string): T4Error {
  const how = last === next ? "stands twice" : `lies inside the file ${JSON.stringify(last)}`;
  return new T4Error("ERR_T4_FORMAT", `Invalid manifest: the key ${JSON.stringify(next)} ${how}.`, {
    hint: MANIFEST_HINT,
    facts: { fault: KEY_CLASH, logicalKey: next, other: last },
  });
}
