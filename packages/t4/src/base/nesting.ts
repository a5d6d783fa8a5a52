/** No file that a person or T4 writes has so many levels. */
const MAX_DEPTH = 200;
/** What opens or closes a level of YAML: brackets, and the marks of blocks, many on one line. */
const LEVELS = /[[\]{}]|(?:[-?:][ \t]+){100}/g;

/**
 * Whether JSON is nested so deeply, in more than `most` levels, that what calls itself for each would use up stack and memory.
 * Costs one look at each character, or at each bracket where there are few.
 */
export function isDeepJson(text: string, most = MAX_DEPTH): boolean {
  if (!hasBrackets(text, most)) return false;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length && depth <= most; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) {
      if (character === "\\") at++;
    } else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
  }
  return depth > most;
}

/** Whether more than so many brackets open, in strings, too. */
function hasBrackets(text: string, most: number): boolean {
  let count = 0;
  for (const _ of text.matchAll(/[[{]/g)) if (++count > most) return true;
  return false;
}

/** The same for YAML, in which brackets in quotes count as well: what is a quote there takes a parser to know. */
export function isDeepYaml(text: string): boolean {
  let depth = 0;
  for (const [level] of text.matchAll(LEVELS)) {
    if (level.length > 1) return true;
    depth += level === "[" || level === "{" ? 1 : -1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
