import type { FormatOptions } from "../format.js";
import { QUOTE, type StringPlace, stepInString } from "../json-strings.js";
import { type JsonText, openJsonTable } from "../json-table.js";
import { badTable } from "../table-error.js";
import { decodeChunks, decodeText, parseJson } from "../text.js";

/** JSON; as a table, an array of objects. */
export const json: FormatOptions = {
  extensions: [".json", ".ipynb", ".geojson"],
  read: (bytes, path) => parseJson(decodeText(bytes, path), path),
  table: (file) => openJsonTable(file, elementsOf(decodeChunks(file.stream(), file.path), file.path)),
};

/** Characters of one element. */
const MOST_OF_ELEMENT = 32 << 20;
const NO_ARRAY = "it is no array of objects";
const BLANK = /^[ \t\r\n]*$/;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Where a reader stands between the characters of JSON. */
interface Place extends StringPlace {
  readonly path: string;
  /** Brackets that are open. */
  depth: number;
}

/** Text of a top-level array that was read and belongs to no finished element yet. */
interface Pending {
  text: string;
  elements: number;
  isOver: boolean;
}

/** The texts of a top-level array's elements, found by their brackets and commas alone: each is parsed by itself. */
async function* elementsOf(chunks: AsyncIterable<string>, path: string): AsyncGenerator<JsonText, void, undefined> {
  const place: Place = { path, depth: 0, inString: false, isEscaped: false };
  const pending: Pending = { text: "", elements: 0, isOver: false };
  for await (const chunk of chunks) {
    let from = 0;
    for (const { at, isEnd } of cutsIn(chunk, place)) {
      const text = pending.text + chunk.slice(from, at);
      pending.text = "";
      from = at + 1;
      if (isEnd === undefined) requireBlank(path, pending.isOver ? "[" : text);
      else if (!(isEnd && pending.elements === 0 && BLANK.test(text))) yield { text, place: placeOf(pending) };
      pending.isOver = isEnd === true;
    }
    pending.text += chunk.slice(from);
    if (place.depth === 0) requireBlank(path, pending.text);
    if (pending.text.length > MOST_OF_ELEMENT)
      throw badTable(path, `element ${pending.elements + 1} is longer than ${MOST_OF_ELEMENT} characters`);
  }
  if (!pending.isOver) throw badTable(path, place.depth === 0 ? "it is empty" : "it ends within the array");
}

function placeOf(pending: Pending): string {
  pending.elements++;
  return `element ${pending.elements}`;
}

/** Outside of the array there is nothing. */
function requireBlank(path: string, text: string): void {
  if (BLANK.test(text)) return;
  throw badTable(path, NO_ARRAY);
}

/** The commas between elements, and the array's brackets: `isEnd` is `undefined` at the first, `true` at the last. */
function* cutsIn(
  chunk: string,
  place: Place,
): Generator<{ readonly at: number; readonly isEnd: boolean | undefined }, void, undefined> {
  for (let at = 0; at < chunk.length; at++) {
    const code = chunk.charCodeAt(at);
    if (place.inString) stepInString(code, place);
    else if (code === QUOTE) place.inString = true;
    else if (code === COMMA) {
      if (place.depth === 1) yield { at, isEnd: false };
    } else if (OPENING.has(code)) {
      if (place.depth++ > 0) continue;
      if (chunk[at] !== "[") throw badTable(place.path, NO_ARRAY);
      yield { at, isEnd: undefined };
    } else if (CLOSING.has(code) && --place.depth === 0) yield { at, isEnd: true };
  }
}
