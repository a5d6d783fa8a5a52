import type { DuckDBResult } from "@duckdb/node-api";
import { T4Error } from "../../base/errors.js";
import type { Engine } from "./engine.js";
import { objectOf, type SqlRow, valueReader } from "./sql-value.js";

/** A column of a result. */
export interface SqlColumn {
  /** Its name; a second column of the same name has `_1` after it. */
  readonly name: string;
  /** Its type, as SQL writes it: `BIGINT`, `DECIMAL(10,2)`, `VARCHAR[]`. */
  readonly type: string;
}

/**
 * The rows of a statement. They can be read once; reading to the end, leaving the loop and {@link SqlResult.close} free the
 * memory and remove what was copied for them.
 *
 * @example
 * ```ts
 * import { sql } from "t4";
 * const result = await sql("select range as n, n * n as square from range(3)");
 * console.log(result.columns); // [{ name: "n", type: "BIGINT" }, { name: "square", type: "BIGINT" }]
 * for await (const row of result) console.log(row); // { n: 0n, square: 0n } …
 * ```
 */
export class SqlResult implements AsyncIterable<SqlRow> {
  /** The columns, in order. */
  readonly columns: readonly SqlColumn[];
  readonly #rows: AsyncGenerator<SqlRow, void, undefined>;
  readonly #release: () => void;

  private constructor(
    columns: readonly SqlColumn[],
    rows: AsyncGenerator<SqlRow, void, undefined>,
    release: () => void,
  ) {
    this.columns = columns;
    this.#rows = rows;
    this.#release = release;
  }

  /** For statements that are under way. @internal */
  static of(result: DuckDBResult, running: Running): SqlResult {
    const types = result.columnTypes().map(String);
    requireWholeStructs(types);
    const columns = result.columnNames().map((name, i) => ({ name, type: types[i] ?? "" }));
    return new SqlResult(columns, rowsOf(result, running), running.release);
  }

  /**
   * Reads all rows into memory.
   *
   * @throws {@link T4Error} `ERR_T4_FORMAT` when a value is not what the statement takes it for; `signal.reason` when aborted.
   *
   * @example
   * ```ts
   * import { sql } from "t4";
   * const rows = await (await sql("select 1 as one")).toArray();
   * console.log(rows); // [{ one: 1 }]
   * ```
   */
  async toArray(): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }

  /**
   * The rows, one by one; throws as {@link SqlResult.toArray}.
   *
   * @example
   * ```ts
   * import { sql } from "t4";
   * for await (const { n } of await sql("select unnest([1, 2]) as n")) console.log(n);
   * ```
   */
  [Symbol.asyncIterator](): AsyncGenerator<SqlRow, void, undefined> {
    return this.#rows;
  }

  /**
   * Frees what the result holds without reading its remaining rows.
   *
   * @example
   * ```ts
   * import { sql } from "t4";
   * const result = await sql("select range from range(1000000)");
   * await result.close();
   * ```
   */
  async close(): Promise<void> {
    await this.#rows.return();
    this.#release();
  }
}

/** DuckDB's library loses a member of that name. */
function requireWholeStructs(types: readonly string[]): void {
  if (!types.some((type) => type.includes('"__proto__"'))) return;
  throw new T4Error("ERR_T4_UNSUPPORTED", "A struct of the result has a member __proto__, which cannot be read.", {
    hint: "Select the other members one by one, or the struct as text: struct::json.",
  });
}

/** What a result needs to give its rows, and what is done when it ends. */
export interface Running {
  readonly engine: Engine;
  /** So many rows there are. */
  readonly count: bigint;
  /** May be called more than once. */
  readonly release: () => void;
}

async function* rowsOf(
  result: DuckDBResult,
  { engine, count, release }: Running,
): AsyncGenerator<SqlRow, void, undefined> {
  const plain = valueReader(engine.duckdb);
  const columns = result.columnNames();
  let left = count;
  try {
    while (left > 0n) {
      const chunk = await engine.doing(() => result.fetchChunk());
      // A stream that fails ends like any other.
      if (chunk === null || chunk.rowCount === 0) throw cutOff(left);
      for (const row of chunk.getRows()) yield objectOf(columns, row.map(plain));
      left -= BigInt(chunk.rowCount);
    }
  } finally {
    release();
  }
}

function cutOff(left: bigint): T4Error {
  return new T4Error("ERR_T4_IO", `The last ${left} rows of the result could not be read.`, {
    hint: "Perhaps the disk failed or is full: run the statement again.",
  });
}
