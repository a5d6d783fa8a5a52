import type { Column, FormatFile, FormatOptions, Row, Table } from "../format.js";
import { type NumpyArray, openArray } from "../numpy/array.js";
import { orClose } from "../or-close.js";
import { put, rowMaker } from "../row.js";
import { badTable, requireWidth } from "../table-error.js";
import { openZip } from "../zip.js";

/** An array of NumPy: a row for each item of the first axis; fields of records, or a second axis, are the columns. */
export const npy: FormatOptions = { extensions: [".npy"], table: openNpy };

/** Arrays of NumPy that have one length: a column for each. */
export const npz: FormatOptions = { extensions: [".npz"], table: openNpz };

/** Arrays that are unpacked side by side. */
const MOST_ARRAYS = 4096;

async function openNpy(file: FormatFile): Promise<Table> {
  const array = await openArray(file.stream());
  const close = (): Promise<void> => array.close();
  return { ...(await orClose(close, async () => tableOf(array, file.path))), rowCount: array.length, close };
}

function tableOf(array: NumpyArray, path: string): Pick<Table, "columns" | "rows"> {
  const { item, shape } = array;
  const [width] = shape;
  if (item.fields !== undefined) {
    requireWidth(path, item.fields.length);
    const columns = item.fields.map(({ name, dtype }): Column => ({ name, type: dtype.type }));
    return { columns, rows: () => array.items() as AsyncIterable<readonly Row[]> };
  }
  if (shape.length !== 1 || width === undefined) {
    const columns = [{ name: "value", type: item.type }];
    return { columns, rows: () => mapItems(array, (value) => ({ value })) };
  }
  requireWidth(path, width);
  const names = Array.from({ length: width }, (_, i) => String(i));
  const type = /^list<(.*)>$/.exec(item.type)?.[1] ?? item.type;
  const make = rowMaker(names);
  return {
    columns: names.map((name) => ({ name, type })),
    rows: () => mapItems(array, (cells) => make(cells as readonly unknown[])),
  };
}

async function* mapItems(
  array: NumpyArray,
  rowOf: (item: unknown) => Row,
): AsyncGenerator<readonly Row[], void, undefined> {
  for await (const items of array.items()) yield items.map(rowOf);
}

async function openNpz(file: FormatFile): Promise<Table> {
  const zip = await openZip(await file.random());
  const names = zip.names.filter((name) => name.endsWith(".npy"));
  if (names.length > MOST_ARRAYS) throw badTable(file.path, `it has ${names.length} arrays, more than ${MOST_ARRAYS}`);
  const arrays: (readonly [string, NumpyArray])[] = [];
  const close = async (): Promise<void> => void (await Promise.all(arrays.map(([, array]) => array.close())));
  return orClose(close, async () => {
    for (const name of names) arrays.push([name.slice(0, -4), await openArray(zip.stream(name))]);
    return { ...tableOfArrays(arrays, file.path), close };
  });
}

function tableOfArrays(arrays: readonly (readonly [string, NumpyArray])[], path: string): Omit<Table, "close"> {
  const rowCount = arrays[0]?.[1].length ?? 0;
  const other = arrays.find(([, { length }]) => length !== rowCount);
  if (other !== undefined) {
    const lengths = `${JSON.stringify(arrays[0]?.[0])} has ${rowCount} items, ${JSON.stringify(other[0])} ${other[1].length}`;
    throw badTable(path, `its arrays are not of one length: ${lengths}`);
  }
  return {
    columns: arrays.map(([name, { item }]) => ({ name, type: item.type })),
    rowCount,
    rows: () => sideBySide(arrays, rowCount),
  };
}

async function* sideBySide(
  arrays: readonly (readonly [string, NumpyArray])[],
  count: number,
): AsyncGenerator<readonly Row[], void, undefined> {
  const columns = arrays.map(([name, array]) => [name, singles(array)] as const);
  for (let i = 0; i < count; i++) {
    const row: Record<string, unknown> = {};
    for (const [name, items] of columns) put(row, name, (await items.next()).value);
    yield [row];
  }
}

async function* singles(array: NumpyArray): AsyncGenerator<unknown, void, undefined> {
  for await (const items of array.items()) yield* items;
}
