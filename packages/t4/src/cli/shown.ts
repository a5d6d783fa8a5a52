/** Text that may be sent to a terminal. Only the functions of this file make it, so nothing of a package gets there raw. */
export interface Shown {
  readonly shown: string;
}

/**
 * What a terminal obeys or a reader cannot see: control characters (C0, C1, and with them every escape sequence), marks that
 * turn the direction of text, characters without width, separators of lines, halves of surrogate pairs. U+FE0F only makes
 * emoji colourful.
 */
const UNSAFE = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Shows unsafe characters as JSON escapes, all others as they are. */
export function escaped(raw: string): string {
  return raw.replace(UNSAFE, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/** The tag of templates: their own text is sent as it is written, every string that is put into them is escaped. */
export function shown(parts: readonly string[], ...values: readonly (string | number | Shown)[]): Shown {
  const filled = values.map((value, i) => {
    const text = typeof value === "object" ? value.shown : escaped(String(value));
    return `${text}${parts[i + 1] ?? ""}`;
  });
  return { shown: `${parts[0] ?? ""}${filled.join("")}` };
}

/** Text of several lines: all but its line ends is escaped. */
export function shownLines(raw: string): Shown {
  return { shown: raw.split("\n").map(escaped).join("\n") };
}

/** The content of a text file: as {@link shownLines}, and tabs stay, which do no harm where nobody takes it for our words. */
export function shownText(raw: string): Shown {
  return { shown: raw.replace(/[^\n\t]+/g, escaped) };
}

/** One after the other, with `between` between them. */
export function joined(all: readonly Shown[], between = ""): Shown {
  return { shown: all.map((each) => each.shown).join(between) };
}
