import type { LongOperationOptions, PackageEntry } from "t4";
import type { ColumnProfile, TableProfile } from "./table-api.js";
import { quotedName } from "./table-sql.js";

/** Columns that are described; nobody reads more. */
const MOST_COLUMNS = 200;
const BARS = 16;
/** Characters of a value that is named. */
const LONGEST = 200;

interface Described {
  readonly name: string;
  readonly kind: ColumnProfile["kind"];
}

/**
 * Describes the values of each column of a table over all of its rows, in DuckDB.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` without DuckDB or for a file that is no table; `signal.reason` when aborted.
 */
export async function profileTable(entry: PackageEntry, options: LongOperationOptions): Promise<TableProfile> {
  const columns = (await entry.schema()).columns
    .slice(0, MOST_COLUMNS)
    .map(({ name, type }): Described => ({ name, kind: kindOf(type) }));
  const facts = columns.map(() => emptyFacts());
  let rows = 0;
  for await (const { at, what, label, value } of await entry.select(statementOf(columns), options)) {
    if (at === -1) rows = Number(value);
    const fact = facts[Number(at)];
    if (fact === undefined || value === null) continue;
    if (what === "bar") fact.bars[Number(label)] = Number(value);
    else if (what === "common" && typeof label === "string") fact.common.push({ value: label, count: Number(value) });
    else if (typeof what === "string") fact.sums.set(what, Number(value));
  }
  return { rows, columns: columns.map((column, i) => profileOf(column, facts[i] ?? emptyFacts())) };
}

function kindOf(type: string): ColumnProfile["kind"] {
  if (/^(?:u?int|float|number|decimal)/.test(type)) return "number";
  return /^(?:date|timestamp)/.test(type) ? "date" : "text";
}

interface Facts {
  readonly bars: number[];
  readonly common: { readonly value: string; readonly count: number }[];
  readonly sums: Map<string, number>;
}

function emptyFacts(): Facts {
  return { bars: Array.from({ length: BARS }, () => 0), common: [], sums: new Map() };
}

function profileOf({ name, kind }: Described, { bars, common, sums }: Facts): ColumnProfile {
  const values = kind === "text" ? (sums.get("values") ?? 0) : null;
  const [low = null, high = null] = [sums.get("low"), sums.get("high")];
  return { name, kind, empty: sums.get("empty") ?? 0, low, high, bars: low === null ? [] : bars, values, common };
}

/**
 * Facts in rows of four: which column, what is said of it, of what, how much. Of column `i`, `v<i>` is the number by which it
 * stands in the bars: a value, milliseconds since 1970, or the length of a text; `e<i>` whether it is empty; `t<i>` the text.
 */
function statementOf(columns: readonly Described[]): string {
  const cells = columns.map(({ name, kind }, i) => cellsOf(i, quotedName(name), kind));
  const edges = columns.map(
    (_, i) => `min(v${i}) filter (isfinite(v${i})) as l${i}, max(v${i}) filter (isfinite(v${i})) as h${i}`,
  );
  return `with cells as materialized (select ${["true as row", ...cells].join(", ")} from entry),
edges as materialized (select ${["count(*) as rows", ...edges].join(", ")} from cells)
select -1 as at, 'rows' as what, null::varchar as label, rows::double as value from edges
${columns.map(({ kind }, i) => factsOf(i, kind)).join("\n")}`;
}

function cellsOf(i: number, value: string, kind: Described["kind"]): string {
  if (kind === "number") return `${value} is null as e${i}, try_cast(${value} as double) as v${i}`;
  if (kind === "date") return `${value} is null as e${i}, epoch_ms(try_cast(${value} as timestamp))::double as v${i}`;
  const text = `nullif(${value}::varchar, '')`;
  return `${text} is null as e${i}, ${text} as t${i}, length(${text})::double as v${i}`;
}

function factsOf(i: number, kind: Described["kind"]): string {
  const bar = `case when h${i} = l${i} then 0 else least(${BARS - 1}, floor((v${i} - l${i}) / (h${i} - l${i}) * ${BARS})) end`;
  const facts = [
    `select ${i}, 'low', null, l${i} from edges`,
    `select ${i}, 'high', null, h${i} from edges`,
    `select ${i}, 'empty', null, count(*) from cells where e${i}`,
    `select ${i}, 'bar', (${bar})::int::varchar, count(*) from cells, edges where isfinite(v${i}) group by 3`,
  ];
  if (kind === "text") {
    facts.push(`(with texts as materialized (select t${i} as label, count(*) as value from cells where not e${i} group by 1)
select ${i}, 'values', null, count(*) from texts union all
select ${i}, 'common', left(label, ${LONGEST}), value from (from texts order by value desc, label limit ${BARS}))`);
  }
  return facts.map((fact) => `union all ${fact}`).join("\n");
}
