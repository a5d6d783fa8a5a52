import type { Column, Row } from "./format.js";

/** Makes rows of cells that stand in the columns' order. A column may have any name, `__proto__` too. */
export function rowMaker(names: readonly string[]): (cells: ArrayLike<unknown>) => Row {
  const isOdd = names.includes("__proto__");
  return (cells) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (isOdd) put(row, name, cells[i] ?? null);
      else row[name] = cells[i] ?? null;
    }
    return row;
  };
}

/** Gives an object a member of whatever name. */
export function put(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  } else object[name] = value;
}

/** The value of a column; `null` where the row has none. */
export function cellOf(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : null;
}

/** Tells columns of one name apart: `a`, `a_2`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const counts = new Map<string, number>();
  return names.map((name) => {
    let count = (counts.get(name) ?? 0) + 1;
    if (count > 1) while (taken.has(`${name}_${count}`)) count++;
    counts.set(name, count);
    if (count === 1) return name;
    taken.add(`${name}_${count}`);
    return `${name}_${count}`;
  });
}

/** The names of columns. */
export function namesOf(columns: readonly Column[]): string[] {
  return columns.map(({ name }) => name);
}
