import type { FormatOptions } from "../format.js";
import { type JsonText, openJsonTable, parseAt } from "../json-table.js";
import { badTable } from "../table-error.js";
import { decodeChunks, decodeText } from "../text.js";

/** JSON Lines: a value on each line; in a table each is an object. */
export const jsonLines: FormatOptions = {
  extensions: [".jsonl", ".ndjson"],
  read: (bytes, path) => Array.from(linesIn(decodeText(bytes, path)), (line) => parseAt(path, line)),
  table: (file) => openJsonTable(file, linesOf(decodeChunks(file.stream(), file.path), file.path)),
};

/** Characters of one line. */
const MOST_OF_LINE = 32 << 20;

function* linesIn(text: string, first = 1): Generator<JsonText, void, undefined> {
  let line = first;
  for (const each of text.replace(/^\uFEFF/, "").split("\n")) {
    if (each.trim() !== "") yield { text: each, place: `line ${line}` };
    line++;
  }
}

async function* linesOf(chunks: AsyncIterable<string>, path: string): AsyncGenerator<JsonText, void, undefined> {
  let parts: string[] = [];
  let length = 0;
  let line = 1;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf("\n");
    if (end >= 0) {
      const whole = parts.join("") + chunk.slice(0, end);
      yield* linesIn(whole, line);
      line += whole.split("\n").length;
      parts = [];
      length = 0;
    }
    const rest = chunk.slice(end + 1);
    parts.push(rest);
    length += rest.length;
    if (length > MOST_OF_LINE) throw badTable(path, `line ${line} is longer than ${MOST_OF_LINE} characters`);
  }
  yield* linesIn(parts.join(""), line);
}
