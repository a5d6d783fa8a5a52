import { T4Error } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import type { Comparable, Condition, Row, RowFilter } from "./format.js";
import { cellOf } from "./row.js";
import { Timestamp } from "./timestamp.js";

const OPERATORS: Readonly<Record<string, (order: number | undefined) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order !== undefined && order < 0,
  lte: (order) => order !== undefined && order <= 0,
  gt: (order) => order !== undefined && order > 0,
  gte: (order) => order !== undefined && order >= 0,
};

/** Whether a row fulfils all conditions. */
export function matches(row: Row, filter: RowFilter): boolean {
  return Object.entries(filter).every(([name, condition]) => holds(cellOf(row, name), condition));
}

function holds(value: unknown, condition: Condition): boolean {
  return comparisonsOf(condition).every(([operator, operand]) =>
    operator === "in"
      ? (operand as readonly Comparable[]).some((one) => compareValues(value, one) === 0)
      : OPERATORS[operator]?.(compareValues(value, operand)) === true,
  );
}

/**
 * Whether a column whose values lie between two can fulfil a condition, as far as these tell; columns with nulls have none
 * that compares, but for `null` and `ne`.
 */
export function mayHold(condition: Condition, least: unknown, most: unknown): boolean {
  return comparisonsOf(condition).every(([operator, operand]) => {
    if (operator === "ne") return true;
    const all = (operator === "in" ? operand : [operand]) as readonly unknown[];
    return all.some((one) => reaches(operator, compareValues(least, one), compareValues(most, one)));
  });
}

/** How the least and the most value compare with the operand. */
function reaches(operator: string, least: number | undefined, most: number | undefined): boolean {
  if (least === undefined || most === undefined) return true;
  if (operator === "lt") return least < 0;
  if (operator === "lte") return least <= 0;
  if (operator === "gt") return most > 0;
  if (operator === "gte") return most >= 0;
  return least <= 0 && most >= 0;
}

const KNOWN: readonly string[] = [...Object.keys(OPERATORS), "in"];

/** @throws {@link T4Error} `ERR_T4_USAGE` for what is no condition. */
export function requireFilter(filter: RowFilter): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (condition === undefined) throw noCondition(name, "it is undefined");
    for (const [operator, operand] of comparisonsOf(condition)) {
      if (!KNOWN.includes(operator)) throw noCondition(name, `there is no ${JSON.stringify(operator)}`, operator);
      if ((operator === "in") !== Array.isArray(operand)) throw noCondition(name, "in alone takes a list");
    }
  }
}

function noCondition(name: string, what: string, operator?: string): T4Error {
  const near = operator === undefined ? undefined : nearest(operator, KNOWN);
  return new T4Error("ERR_T4_USAGE", `No condition on the column ${JSON.stringify(name)}: ${what}.`, {
    hint: near === undefined ? `A value, or an object of ${KNOWN.join(", ")}.` : `Did you mean ${near}?`,
    facts: { column: name },
  });
}

function comparisonsOf(condition: Condition): (readonly [string, unknown])[] {
  const isValue = condition === null || typeof condition !== "object" || condition instanceof Date;
  return isValue ? [["eq", condition]] : Object.entries(condition);
}

/** Negative, 0 or positive; `undefined` for values of which none is before the other: of other kinds, NaN, nested ones. */
function compareValues(a: unknown, b: unknown): number | undefined {
  if (a === null || b === null) return a === b ? 0 : undefined;
  if (a instanceof Date && b instanceof Date) {
    const order = compareScalars(a.getTime(), b.getTime());
    return order === 0 ? nanosecondsOf(a) - nanosecondsOf(b) : order;
  }
  return isComparable(a) && kindOf(a) === kindOf(b) ? compareScalars(a, b as Scalar) : undefined;
}

type Scalar = string | number | bigint | boolean;

function compareScalars(a: Scalar, b: Scalar): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  // Only NaN is not equal to itself.
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : 0;
}

/** Bigints and numbers are one kind: both are compared exactly. */
function kindOf(value: unknown): string {
  return typeof value === "bigint" ? "number" : typeof value;
}

function isComparable(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(kindOf(value));
}

function nanosecondsOf(date: Date): number {
  return date instanceof Timestamp ? date.nanoseconds : 0;
}
