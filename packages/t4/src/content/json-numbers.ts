import { QUOTE, type StringPlace, stepInString } from "./json-strings.js";
import { badTable } from "./table-error.js";

/** Characters of one number. */
const MOST_OF_NUMBER = 1 << 20;
const DIGITS: ReadonlySet<number> = codesOf("0123456789");
const IN_NUMBER: ReadonlySet<number> = codesOf("0123456789+-.eE");
const MINUS = 0x2d;

/** JSON as it comes, with something else in place of each of its numbers; nothing is parsed. */
export async function* replaceNumbers(
  chunks: AsyncIterable<string>,
  path: string,
  change: (number: string) => string,
): AsyncGenerator<string, void, undefined> {
  const place: StringPlace = { inString: false, isEscaped: false };
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + chunk;
    const { changed, end } = replaceIn(text, place, change);
    rest = text.slice(end);
    if (rest.length > MOST_OF_NUMBER)
      throw badTable(path, `a number of it is longer than ${MOST_OF_NUMBER} characters`);
    yield changed;
  }
  yield rest === "" ? rest : change(rest);
}

/** All but a number that the text's end may cut, which begins at `end`. */
function replaceIn(
  text: string,
  place: StringPlace,
  change: (number: string) => string,
): { readonly changed: string; readonly end: number } {
  let changed = "";
  let from = 0;
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (place.inString) {
      stepInString(code, place);
      continue;
    }
    if (start >= 0) {
      if (IN_NUMBER.has(code)) continue;
      changed += text.slice(from, start) + change(text.slice(start, at));
      from = at;
      start = -1;
    }
    if (code === QUOTE) place.inString = true;
    else if (code === MINUS || DIGITS.has(code)) start = at;
  }
  const end = start < 0 ? text.length : start;
  return { changed: changed + text.slice(from, end), end };
}

function codesOf(characters: string): Set<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}
