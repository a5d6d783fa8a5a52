import { badTable } from "../table-error.js";
import type { Zip } from "../zip.js";
import { readWholeXml, type XmlHandler } from "./xml.js";

/** What all sheets of a workbook share. */
export interface Workbook {
  /** The member that is its first sheet. */
  readonly sheet: string;
  readonly strings: readonly string[];
  /** What numbers of each style are. */
  readonly styles: readonly NumberKind[];
  /** Whether days are counted from 1904, as on old Macintoshes. */
  readonly is1904: boolean;
}

/** What a number stands for. */
type NumberKind = "number" | "date" | "time";

/** Characters of all shared texts together: they are in memory, where each takes as much as so many characters more. */
const MOST_OF_STRINGS = 64 << 20;
const STRING_COST = 16;

/** Reads all of a workbook but its sheets. */
export async function readWorkbook(path: string, zip: Zip): Promise<Workbook> {
  const read = async (name: string, handler: XmlHandler): Promise<void> => {
    if (zip.names.includes(name)) await readWholeXml(zip.stream(name), { path, ...handler });
  };
  let first: string | undefined;
  let is1904 = false;
  await read("xl/workbook.xml", {
    open({ name, attributes }) {
      if (name === "sheet")
        first ??= attributes["r:id"] ?? Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1];
      if (name === "workbookPr") is1904 = ["1", "true"].includes(attributes["date1904"] ?? "");
    },
  });
  const targets = new Map<string, string>();
  await read("xl/_rels/workbook.xml.rels", {
    open({ name, attributes: { Id: id = "", Target: target = "" } }) {
      if (name === "Relationship") targets.set(id, target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheet = targets.get(first ?? "");
  if (sheet === undefined || !zip.names.includes(sheet))
    throw badTable(path, "it is no workbook of Excel (.xlsx) with a sheet");
  const { strings, handler } = createStrings(path);
  await read("xl/sharedStrings.xml", handler);
  const styles = createStyles();
  await read("xl/styles.xml", styles.handler);
  return { sheet, strings, styles: styles.kinds, is1904 };
}

function createStrings(path: string): { readonly strings: string[]; readonly handler: XmlHandler } {
  const strings: string[] = [];
  let total = 0;
  let inText = false;
  let current = "";
  return {
    strings,
    handler: {
      open({ name }) {
        inText = name === "t";
        if (name === "si") current = "";
        // How characters are pronounced is no part of the text.
        if (name === "rPh") inText = false;
      },
      text(text) {
        if (!inText) return;
        current += text;
        total += text.length;
        if (total > MOST_OF_STRINGS) throw badTable(path, `its texts take more than ${MOST_OF_STRINGS} characters`);
      },
      close(name) {
        inText = false;
        if (name !== "si") return;
        strings.push(current);
        total += STRING_COST;
      },
    },
  };
}

/** The formats for dates and times that have a number and no text. */
const BUILT_IN: Readonly<Record<number, NumberKind>> = Object.fromEntries([
  ...[14, 15, 16, 17, 22].map((id) => [id, "date"]),
  ...[18, 19, 20, 21, 45, 46, 47].map((id) => [id, "time"]),
]) as Record<number, NumberKind>;

function createStyles(): { readonly kinds: NumberKind[]; readonly handler: XmlHandler } {
  const formats = new Map<number, NumberKind>();
  const kinds: NumberKind[] = [];
  let inCells = false;
  return {
    kinds,
    handler: {
      open({ name, attributes }) {
        const id = Number(attributes["numFmtId"]);
        if (name === "numFmt") formats.set(id, kindOf(attributes["formatCode"] ?? ""));
        if (name === "cellXfs") inCells = true;
        if (name === "xf" && inCells) kinds.push(formats.get(id) ?? BUILT_IN[id] ?? "number");
      },
      close(name) {
        if (name === "cellXfs") inCells = false;
      },
    },
  };
}

/** By the letters of a format outside of quotes, escapes and brackets; `[h]` counts hours beyond a day, and is a number. */
function kindOf(code: string): NumberKind {
  const letters = code.replace(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, "").toLowerCase();
  if (/general/.test(letters)) return "number";
  if (/[yd]/.test(letters)) return "date";
  if (/[hs]/.test(letters) && !/\[h+\]|\[m+\]|\[s+\]/i.test(code)) return "time";
  return /^[^0#?]*m/.test(letters) ? "date" : "number";
}
