/** A row: its values by column. Values are those of the table under {@link Column.type}. */
export type Row = Readonly<Record<string, unknown>>;

/** A column of a table. */
export interface Column {
  /** As the file has it; columns of one name get a number: `a`, `a_2`. */
  readonly name: string;
  /**
   * What its values are. Of formats that have a schema, as Arrow writes types: `bool`, `int32`, `float64`, `string`, `binary`, `date`,
   * `time[us]`, `timestamp[us, UTC]`, `decimal(10, 2)`, `list<…>`, `struct<…>`, `map<…>`. Of text: `bool`, `number`, `date`,
   * `timestamp`, `string`; of JSON `null`, `bool`, `number`, `string`, `list`, `struct`, several with `|` between them.
   *
   * 64-bit integers are bigints, those of text only where a number would not hold them. Decimals and times of day are texts with
   * all digits. Dates and timestamps are Dates, those with digits below the millisecond a {@link Timestamp}, and a bigint, of
   * days or of their unit, where no Date reaches. Binary is a Uint8Array, a map a Map. What is missing is null.
   */
  readonly type: string;
}

/** What is asked of a table; a format may use it to read less, what it gives too much is left out after it. */
export interface Wanted {
  /** The columns that are asked for or filtered by; `undefined`: all. */
  readonly columns: readonly string[] | undefined;
  /** Conditions on columns, each of which must hold. */
  readonly filter: RowFilter;
  /** Rows after which nobody reads on; `undefined`: all, or unknown because of a filter. */
  readonly limit: number | undefined;
}

/** A table that is open. */
export interface Table {
  /** In the order of the file. Of formats without a schema, those that the first rows have. */
  readonly columns: readonly Column[];
  /** Rows that the file has, where it says so. */
  readonly rowCount?: number;
  /** Whether rows may have columns that {@link Table.columns} does not know. Default `false`. */
  readonly isOpen?: boolean;
  /** Reads the rows, in batches of any length; asked once at most. */
  readonly rows: (wanted: Wanted) => AsyncIterable<readonly Row[]>;
  /** Called at the end, also after errors. */
  readonly close?: () => Promise<void>;
}

/** The file that a format reads. */
export interface FormatFile {
  /** Path inside the package, without the ending of what it was unpacked from. */
  readonly path: string;
  /** Whether cells of text formats are to stay texts. */
  readonly asText: boolean;
  /** All bytes in order, unpacked; checked against the hash at the end. */
  readonly stream: () => AsyncIterable<Uint8Array>;
  /** All bytes, unpacked and verified, in memory; a packed file may unpack to 128 MiB. */
  readonly whole: () => Promise<Uint8Array>;
  /** Opens the file for reads at any place. */
  readonly random: () => Promise<RandomAccess>;
}

/** Bytes at any place of a file. */
export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` to before `end`, which lie within the file. Costs a request where the file is in a bucket. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** Turns a file's whole content, verified and unpacked, into a value; may be async. */
export type Deserializer = (bytes: Uint8Array) => unknown;

/** A format, for {@link registerFormat}. It has `read`, `table` or both. */
export interface FormatOptions {
  /** Endings in lower case, each with its dot: `[".yml", ".yaml"]`. */
  readonly extensions: readonly string[];
  /** Turns a whole file into a value, for `deserialize`. Default: all rows of `table`. */
  readonly read?: (bytes: Uint8Array, path: string) => unknown;
  /** Opens a file as a table, for `rows` and `schema`. */
  readonly table?: (file: FormatFile) => Promise<Table>;
}

/** What values can be compared with. */
export type Comparable = string | number | bigint | boolean | Date | null;

/** Comparisons with a value, which must all hold. */
export interface Comparisons {
  /** Equal. */
  readonly eq?: Comparable;
  /** Not equal; null is not equal to any other. */
  readonly ne?: Comparable;
  /** Less. */
  readonly lt?: Comparable;
  /** Less or equal. */
  readonly lte?: Comparable;
  /** Greater. */
  readonly gt?: Comparable;
  /** Greater or equal. */
  readonly gte?: Comparable;
  /** Equal to one of these. */
  readonly in?: readonly Comparable[];
}

/** A condition on one column: a value that it must have, or comparisons. Values of other kinds are neither less nor greater. */
export type Condition = Comparable | Comparisons;

/** Conditions by column, each of which must hold: `{ year: 2024, celsius: { gt: 20 } }`. */
export type RowFilter = Readonly<Record<string, Condition>>;
