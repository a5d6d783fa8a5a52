/** Where a reader stands between the characters of JSON: inside of a string, and there behind a backslash. */
export interface StringPlace {
  inString: boolean;
  isEscaped: boolean;
}

/** A quotation mark. */
export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Goes on by a character inside of a string. */
export function stepInString(code: number, place: StringPlace): void {
  if (place.isEscaped) place.isEscaped = false;
  else if (code === BACKSLASH) place.isEscaped = true;
  else if (code === QUOTE) place.inString = false;
}
