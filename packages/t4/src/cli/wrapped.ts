/** How long lines may get. */
export interface Wrapping {
  readonly width: number;
  /** Columns of the first line that are used already. */
  readonly used: number;
}

/** Text in lines that end at words; what is longer than a line, such as a path to be copied, stays whole. */
export function wrapped(text: string, { width, used }: Wrapping): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = lines.length === 0 ? width - used : width;
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join("\n");
}
