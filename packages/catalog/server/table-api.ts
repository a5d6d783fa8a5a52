/** The JSON that the server answers with about tables; docs/guide/catalog.md describes it for other programs. */

/** How far long work is. */
export interface WorkProgress {
  /** `false`: the bytes are of files that are read and verified; `true`: of what is computed with them, an estimate. */
  readonly isComputing: boolean;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** What a statement in SQL gave. */
export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values in the order of the columns; integers beyond 2^53 are strings, so is what JSON has not; long texts are cut. */
  readonly rows: readonly (readonly unknown[])[];
  /** `false`: there are more rows. */
  readonly isWhole: boolean;
}

/** The values of one column over all rows. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: "number" | "date" | "text";
  /** Rows in which it is empty. */
  readonly empty: number;
  /** The least and the greatest value, of dates in milliseconds since 1970, of texts their length; `null` where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many values are in each of 16 parts of equal width between them. */
  readonly bars: readonly number[];
  /** How many different texts there are, and the commonest; `null` for numbers and dates. */
  readonly values: number | null;
  readonly common: readonly { readonly value: string; readonly count: number }[];
}

/** A table over all of its rows; never changes. */
export interface TableProfile {
  readonly rows: number;
  /** At most 200. */
  readonly columns: readonly ColumnProfile[];
}

/** A column of either state of a table. */
export interface ComparedColumn {
  readonly name: string;
  /** Which of the states has it: `added`, only the one after. */
  readonly standing: "same" | "added" | "removed";
}

/** A row that is new, gone or has other values; cells in the order of the columns, `""` for nothing, long ones are cut. */
export interface ComparedRow {
  readonly kind: "added" | "removed" | "modified";
  readonly before: readonly string[] | null;
  readonly after: readonly string[] | null;
}

/** What differs between two states of a table; never changes. */
export interface RowComparison {
  readonly columns: readonly ComparedColumn[];
  /** The columns that tell rows apart; none: rows were compared as a whole. */
  readonly key: readonly string[];
  /** Of all rows. */
  readonly counts: Readonly<Record<ComparedRow["kind"] | "same", number>>;
  /** At most 1,000: those with other values, then those that are gone, then new ones. */
  readonly rows: readonly ComparedRow[];
}
