/** What a column holds, as people say it. */
export type ColumnKind = "number" | "text" | "date" | "boolean" | "other";

/** One column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Its type as the file says it; absent where the file says none. */
  readonly type?: string;
}

/** A cell; `null` and `undefined` are empty. */
export type Value = unknown;

/** A table of whatever kind of file, read as far as it is looked at. */
export interface TableSource {
  /** Those that are read: all, or the first of very many. */
  readonly columns: readonly TableColumn[];
  /** Columns in all. */
  readonly width: number;
  /** Rows that are known. */
  readonly count: number;
  /** Whether that is all. */
  readonly isWhole: boolean;
  /** Bytes that were read so far. */
  readonly bytesRead: () => number;
  /** Rows `[start, end)`. */
  rows(start: number, end: number): Promise<readonly (readonly Value[])[]>;
}
