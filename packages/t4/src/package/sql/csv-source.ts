import { keepsDigits } from "../../content/text-values.js";
import { type ColumnFacts, factsOf, suspectsOf, textIn, typeKeeping } from "./column-facts.js";
import { type Engine, quoted } from "./engine.js";
import type { SourceFile } from "./source-file.js";
import type { Statement } from "./statement.js";
import { callOn, type Reader } from "./table-format.js";

/** What DuckDB makes of a file of separated values by its first records. */
interface Sniffed {
  readonly Delimiter: string;
  readonly Quote: string;
  readonly Escape: string;
  readonly Comment: string;
  readonly NewLineDelimiter: string;
  readonly SkipRows: number;
  readonly HasHeader: boolean;
  readonly Columns: readonly { readonly name: string; readonly type: string }[];
  readonly DateFormat: string | null;
  readonly TimestampFormat: string | null;
}

/**
 * Selects all of a file of separated values, with types that keep every value.
 *
 * DuckDB finds types by the first 20,480 records, and what does not fit them it rounds in silence: 1.5 among integers to 2, 20 digits
 * to a double, nanoseconds to microseconds. So each column that the statement may read is looked through, in one pass more.
 */
export async function csvSource(
  engine: Engine,
  { path, reader }: SourceFile,
  mentions: Statement["mentions"],
): Promise<string> {
  const [row] = await engine.ask(`from ${callOn(path, "sniff_csv", reader.options)}`);
  const sniffed = row as unknown as Sniffed;
  const read = (types: readonly string[]): string => callOn(path, reader.name, optionsOf(sniffed, reader, types));
  const texts = read(sniffed.Columns.map(() => "VARCHAR"));
  const facts = sniffed.Columns.map(({ name, type }) =>
    mentions(name.toLowerCase()) ? factsOf(name, type) : undefined,
  );
  const asked = facts.flatMap((sql, i) => (sql === undefined ? [] : [`${sql} as c${i}`]));
  const [found = {}] = asked.length === 0 ? [] : await engine.ask(`select ${asked.join(", ")} from ${texts}`);
  const types: string[] = [];
  for (const [i, { name, type }] of sniffed.Columns.entries()) {
    const own = found[`c${i}`] as ColumnFacts | undefined;
    const isExact = (): Promise<boolean> => allKeepDigits(engine, texts, name);
    types.push(own === undefined ? type : await typeKeeping(type, own, isExact));
  }
  return `select * from ${read(types)}`;
}

/** What DuckDB found, so that it need not look again, and cannot find something else. */
function optionsOf(sniffed: Sniffed, { options }: Reader, types: readonly string[]): string[] {
  const columns = sniffed.Columns.map(({ name }, i) => `${quoted(name)}: ${quoted(types[i] ?? "VARCHAR")}`);
  const { DateFormat: date, TimestampFormat: moment } = sniffed;
  return [
    "auto_detect = false",
    `delim = ${mark(sniffed.Delimiter)}`,
    `quote = ${mark(sniffed.Quote)}`,
    `escape = ${mark(sniffed.Escape)}`,
    `comment = ${mark(sniffed.Comment)}`,
    `new_line = ${mark(sniffed.NewLineDelimiter)}`,
    `skip = ${sniffed.SkipRows}`,
    `header = ${sniffed.HasHeader}`,
    `columns = {${columns.join(", ")}}`,
    ...(date === null ? [] : [`dateformat = ${quoted(date)}`]),
    ...(moment === null ? [] : [`timestampformat = ${quoted(moment)}`]),
    ...options.filter((option) => !option.startsWith("delim")),
  ];
}

function mark(text: string): string {
  return quoted(text === "(empty)" ? "" : text);
}

async function allKeepDigits(engine: Engine, texts: string, name: string): Promise<boolean> {
  const text = textIn(name);
  const statement = `select ${text} from ${texts} where try_cast(${text} as double) is not null and ${suspectsOf(text)}`;
  const result = await engine.connection.stream(statement);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return true;
    if (!chunk.getColumnValues(0).every((value) => keepsDigits(String(value)))) return false;
  }
}
