import type { Column, FormatFile, FormatOptions, Row, Table } from "../format.js";
import { type NumpyArray, openArray } from "../numpy/array.js";
import { put, rowMaker } from "../row.js";
import { badTable, requireWidth } from "../table-error.js";
import { openZip } from "../zip.js";

/** An array of NumPy: a row for each item of the first axis; fields of records, or a second axis, are the columns. */
export const npy: FormatOptions = { extensions: [".npy"], table: openNpy };

/** Arrays of NumPy that have one length: a column for each. */
export const npz: FormatOptions = { extensions: [".npz"], table: openNpz };

async function openNpy(file: FormatFile): Promise<Table> {
  const array = await openArray(file.stream());
  const { item, shape, length: rowCount } = array;
  const [width] = shape;
  if (item.fields !== undefined) {
    requireWidth(file.path, item.fields.length);
    const columns = item.fields.map(({ name, dtype }): Column => ({ name, type: dtype.type }));
    return {
      columns,
      rowCount,
      rows: () => array.items() as AsyncIterable<readonly Row[]>,
      close: () => array.close(),
    };
  }
  if (shape.length !== 1 || width === undefined) {
    const columns = [{ name: "value", type: item.type }];
    return { columns, rowCount, rows: () => mapItems(array, (value) => ({ value })), close: () => array.close() };
  }
  requireWidth(file.path, width);
  const names = Array.from({ length: width }, (_, i) => String(i));
  const type = /^list<(.*)>$/.exec(item.type)?.[1] ?? item.type;
  const make = rowMaker(names);
  return {
    columns: names.map((name) => ({ name, type })),
    rowCount,
    rows: () => mapItems(array, (cells) => make(cells as readonly unknown[])),
    close: () => array.close(),
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
  requireWidth(file.path, names.length);
  const arrays: (readonly [string, NumpyArray])[] = [];
  for (const name of names) arrays.push([name.slice(0, -4), await openArray(zip.stream(name))]);
  const rowCount = arrays[0]?.[1].length ?? 0;
  const other = arrays.find(([, { length }]) => length !== rowCount);
  if (other !== undefined) {
    const lengths = `${JSON.stringify(arrays[0]?.[0])} has ${rowCount} items, ${JSON.stringify(other[0])} ${other[1].length}`;
    throw badTable(file.path, `its arrays are not of one length: ${lengths}`);
  }
  return {
    columns: arrays.map(([name, { item }]) => ({ name, type: item.type })),
    rowCount,
    rows: () => sideBySide(arrays, rowCount),
    close: async () => void (await Promise.all(arrays.map(([, array]) => array.close()))),
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
