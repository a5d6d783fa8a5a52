import { type LongOperationOptions, type PackageEntry, type SqlRow, type SqlValue, sql, T4Error } from "t4";
import type { ComparedColumn, ComparedRow, RowComparison } from "./table-api.js";
import { quotedName, quotedText } from "./table-sql.js";

/** Rows in one answer; the counts are of all. */
const MOST_ROWS = 1000;
/** Characters of a cell. */
const LONGEST = 1000;

/** One state of a table. */
export interface TableState {
  readonly entry: PackageEntry;
  /** What SQL calls it: `<author>/<package>@<top hash>/<path>`. */
  readonly table: string;
}

/** What is compared, and where. */
export interface RowQuery extends LongOperationOptions {
  readonly before: TableState;
  readonly after: TableState;
  /** Columns whose values tell rows apart; none: rows are compared as a whole. */
  readonly key: readonly string[];
  readonly registry: string;
  readonly trustBuckets: readonly string[];
}

/**
 * Compares two states of a table of any size, row by row, in DuckDB: it sorts on disk what does not fit into memory. A key that
 * several rows have is as good as none.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` without DuckDB, `ERR_T4_USAGE` for a key that not both have, or tables that have no
 * column in common.
 */
export async function compareRows(query: RowQuery): Promise<RowComparison> {
  const columns = columnsOf(await Promise.all([query.before, query.after].map(async ({ entry }) => namesOf(entry))));
  const shared = columns.filter(({ standing }) => standing === "same").map(({ name }) => name);
  if (shared.length === 0) {
    throw new T4Error("ERR_T4_USAGE", "These tables have no column in common.", {
      hint: "Open the file before and after.",
    });
  }
  const missing = query.key.find((name) => !shared.includes(name));
  if (missing !== undefined) {
    throw new T4Error("ERR_T4_USAGE", `The column ${JSON.stringify(missing)} is not in both states of the table.`);
  }
  const run = async (key: readonly string[]): Promise<SqlRow[]> => {
    const { registry, trustBuckets, signal, onProgress } = query;
    const statement = statementOf(query, columns, key);
    return (await sql(statement, { registry, trustBuckets, signal, onProgress })).toArray();
  };
  let { key } = query;
  let rows = await run(key);
  if (Number(rows[0]?.["most"]) > 1) {
    key = [];
    rows = await run(key);
  }
  return answerOf(rows, columns, key);
}

async function namesOf(entry: PackageEntry): Promise<string[]> {
  return (await entry.schema({ text: true })).columns.map(({ name }) => name);
}

/** Those of the table after, then those that went. */
function columnsOf([before = [], after = []]: readonly (readonly string[])[]): ComparedColumn[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...after.map((name): ComparedColumn => ({ name, standing: old.has(name) ? "same" : "added" })),
    ...before.filter((name) => !now.has(name)).map((name): ComparedColumn => ({ name, standing: "removed" })),
  ];
}

/**
 * One row of sums, and beside it the first rows that differ. The n-th of equal keys on one side is paired with the n-th on the
 * other, so that equal rows without a key cancel each other.
 */
function statementOf({ before, after }: RowQuery, columns: readonly ComparedColumn[], key: readonly string[]): string {
  const keys = columns.flatMap(({ name, standing }, i) =>
    (key.length === 0 ? standing === "same" : key.includes(name)) ? [`c${i}`] : [],
  );
  const pairs = columns.map((_, i) => `old.c${i} as bc${i}, new.c${i} as ac${i}`).join(", ");
  const isPair = keys.map((name) => `old.${name} is not distinct from new.${name}`).join(" and ");
  const isOther = columns
    .map(({ standing }, i) => (standing === "same" ? `bc${i} is distinct from ac${i}` : "true"))
    .join(" or ");
  const place = keys.map((name) => `coalesce(b${name}, a${name})`);
  const order = place.map((value) => `try_cast(${value} as double), ${value}`).join(", ");
  return `with old as (${sideOf(before, { columns, absent: "added", keys })}),
new as (${sideOf(after, { columns, absent: "removed", keys })}),
pairs as (
  select case when old.nth is null then 'added' when new.nth is null then 'removed' else 'modified' end as kind, ${pairs}
  from old full join new on old.nth = new.nth and ${isPair}
),
differing as materialized (select * from pairs where kind <> 'modified' or ${isOther}),
sums as (
  select count(*) filter (kind = 'added') as added, count(*) filter (kind = 'removed') as removed,
    count(*) filter (kind = 'modified') as modified, (select count(*) from ${quotedText(after.table)}) as now,
    greatest(${mostOfOneKey(before, key)}, ${mostOfOneKey(after, key)}) as most
  from differing
)
select * from sums left join (
  from differing order by case kind when 'modified' then 0 when 'removed' then 1 else 2 end, ${order} limit ${MOST_ROWS}
) on true`;
}

interface SideOptions {
  readonly columns: readonly ComparedColumn[];
  /** Columns that this side has not. */
  readonly absent: ComparedColumn["standing"];
  readonly keys: readonly string[];
}

function sideOf({ table }: TableState, { columns, absent, keys }: SideOptions): string {
  const cells = columns.map(
    ({ name, standing }, i) => `${standing === absent ? "null::varchar" : cell(name)} as c${i}`,
  );
  const nth = `row_number() over (partition by ${keys.join(", ")}) as nth`;
  return `select *, ${nth} from (select ${cells.join(", ")} from ${quotedText(table)})`;
}

/** Rows that have the key which most have; 1 where there is no key. */
function mostOfOneKey({ table }: TableState, key: readonly string[]): string {
  if (key.length === 0) return "1";
  const counts = `select count(*) as many from ${quotedText(table)} group by ${key.map(quotedName).join(", ")}`;
  return `(select max(many) from (${counts}))`;
}

/** A value as text; a number is the same with and without a point. */
function cell(name: string): string {
  const value = `${quotedName(name)}::varchar`;
  return `case when typeof(${quotedName(name)}) in ('DOUBLE', 'FLOAT') then regexp_replace(${value}, '\\.0$', '') else ${value} end`;
}

function answerOf(rows: readonly SqlRow[], columns: readonly ComparedColumn[], key: readonly string[]): RowComparison {
  const sum = (name: string): number => Number(rows[0]?.[name] ?? 0);
  const counts = { added: sum("added"), removed: sum("removed"), modified: sum("modified") };
  const differing = rows.flatMap((row) => comparedRow(row, columns) ?? []);
  return { columns, key, counts: { ...counts, same: sum("now") - counts.added - counts.modified }, rows: differing };
}

/** Cells are texts in the statement already. */
function textOf(value: SqlValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** `undefined`: the sums stand alone, as nothing differs. */
function comparedRow(row: SqlRow, columns: readonly ComparedColumn[]): ComparedRow | undefined {
  const { kind } = row;
  if (kind !== "added" && kind !== "removed" && kind !== "modified") return undefined;
  const cells = (side: "a" | "b"): string[] => columns.map((_, i) => textOf(row[`${side}c${i}`]).slice(0, LONGEST));
  return { kind, before: kind === "added" ? null : cells("b"), after: kind === "removed" ? null : cells("a") };
}
