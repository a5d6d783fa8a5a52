import { type RowSize, sizeOfCells } from "../batches.js";
import { badTable } from "../table-error.js";
import { momentOf } from "../timestamp.js";
import type { Zip } from "../zip.js";
import type { Workbook } from "./workbook.js";
import { readXml, type Tag } from "./xml.js";

/** A row of a sheet; cells that are not there are `undefined`. */
export interface SheetRow extends RowSize {
  readonly number: number;
  readonly values: readonly unknown[];
}

const DAY_MS = 86_400_000;
/** Day 0 of both calendars, in days before 1970. */
const DAYS_BEFORE_1970 = { since1900: 25_569, since1904: 24_107 } as const;
/** Excel takes 1900 for a leap year: days before its 29th of February count one more. */
const FEBRUARY_1900 = 60;
/** Columns of a sheet. */
const MOST_CELLS = 16_384;

/** Reads a sheet row by row; empty rows are left out. */
export async function* readSheet(
  path: string,
  zip: Zip,
  workbook: Workbook,
): AsyncGenerator<SheetRow, void, undefined> {
  let rows: SheetRow[] = [];
  let number = 0;
  let cells: unknown[] = [];
  let cell: Tag | undefined;
  let place = 0;
  let value: string | undefined;
  let isValue = false;
  const pieces = readXml(zip.stream(workbook.sheet), {
    path,
    open(tag) {
      isValue = tag.name === "v" || tag.name === "t";
      if (isValue) value ??= "";
      if (tag.name === "row") {
        number = Number(tag.attributes["r"] ?? number + 1);
        cells = [];
        place = 0;
      } else if (tag.name === "c") {
        cell = tag;
        value = undefined;
        place = columnOf(tag.attributes["r"]) ?? place;
        if (place >= MOST_CELLS) throw badTable(path, `row ${number} has more than ${MOST_CELLS} cells`);
      }
    },
    text(text) {
      if (isValue) value = (value ?? "") + text;
    },
    close(name) {
      isValue = false;
      if (name === "c" && cell !== undefined) {
        const content = value === undefined ? undefined : contentOf(path, { cell, value, workbook });
        if (content !== undefined) cells[place] = content;
        place++;
      } else if (name === "row" && cells.length > 0) rows.push({ number, values: cells, ...sizeOfCells(cells) });
    },
  });
  for await (const _ of pieces) {
    yield* rows;
    rows = [];
  }
  yield* rows;
}

/** `BC12` is the column 54, counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference ?? "")?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** The letters of a column, counted from 0. */
export function lettersOf(column: number): string {
  const before = Math.floor(column / 26);
  return (before > 0 ? lettersOf(before - 1) : "") + String.fromCharCode(65 + (column % 26));
}

/** Kinds of cells that may be empty texts. */
const TEXTS: ReadonlySet<string> = new Set(["str", "inlineStr", "e"]);

interface Cell {
  readonly cell: Tag;
  readonly value: string;
  readonly workbook: Workbook;
}

/** `undefined` for a formula that was never calculated, whose value is empty. */
function contentOf(path: string, content: Cell): unknown {
  const { t: kind = "n" } = content.cell.attributes;
  if (content.value === "" && !TEXTS.has(kind)) return undefined;
  return valueOf(path, content);
}

function valueOf(path: string, { cell: { attributes }, value, workbook }: Cell): unknown {
  switch (attributes["t"]) {
    case "s": {
      const text = workbook.strings[Number(value)];
      if (text === undefined) throw badTable(path, `it has no shared text ${value}`);
      return text;
    }
    case "b":
      return value === "1";
    case "str":
    case "inlineStr":
    case "e":
      return value;
    case "d":
      return dateOr(value, new Date(/[zZ]$/.test(value) ? value : `${value}Z`));
    default:
      return numberOf(Number(value), workbook, Number(attributes["s"] ?? 0));
  }
}

function numberOf(value: number, { styles, is1904 }: Workbook, style: number): unknown {
  const kind = styles[style];
  if (kind === "time" && value >= 0 && value < 1)
    return momentAt(value * DAY_MS)
      .toISOString()
      .slice(11, -1);
  if (kind !== "date" && kind !== "time") return value;
  if (is1904) return dateOr(value, momentAt((value - DAYS_BEFORE_1970.since1904) * DAY_MS));
  const day = value < FEBRUARY_1900 ? value + 1 : value;
  return dateOr(value, momentAt((day - DAYS_BEFORE_1970.since1900) * DAY_MS));
}

/** What no Date reaches stays what it is. */
function dateOr(value: unknown, date: Date): unknown {
  return Number.isNaN(date.getTime()) ? value : date;
}

/** A number of days has some more digits than milliseconds, which mean nothing. */
function momentAt(milliseconds: number): Date {
  return momentOf(Math.round(milliseconds), 0);
}
