import { stripVTControlCharacters } from "node:util";
import type { Shown } from "./shown.js";

/** How long lines may get. */
export interface Wrapping {
  readonly width: number;
  /** Columns of the first line that are used already. */
  readonly used: number;
  /** What each line after the first begins with. */
  readonly indent: string;
}

/** Text in lines that end at words; what is longer than a line, such as a path to be copied, stays whole. */
export function wrapped(text: string, { width, used, indent }: Wrapping): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const begin = lines.length === 0 ? used : indent.length;
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && begin + columnsOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** Styles take no room. */
function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/**
 * A message whose lines end at words where they would be cut in the middle of one. Lines with commands that may be copied, and
 * progress, which is written over, stay as they are.
 */
export function wrappedMessage({ shown }: Shown, width: number): Shown {
  return {
    shown: shown
      .split("\n")
      .map((line) => wrappedLine(line, width))
      .join("\n"),
  };
}

/** A line with a command in it could be pasted in halves. */
const COPIED = /^\r|\bt4 [a-z]/;

function wrappedLine(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= width || COPIED.test(plain)) return line;
  const [indent = ""] = /^ */.exec(line) ?? [];
  return indent + wrapped(line.slice(indent.length), { width, used: indent.length, indent });
}
