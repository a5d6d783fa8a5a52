import { quotedName } from "./engine.js";

/** What the texts of a column are like, as far as it matters for its type. */
export interface ColumnFacts {
  /** Digits before the point, and behind it; `null`: there are no values. */
  readonly whole: number | null;
  readonly fraction: number | null;
  /** Whether all are integers or decimals without an exponent. */
  readonly isPlain: boolean | null;
  /** Whether all fit into 64 bits. */
  readonly isBigint: boolean | null;
  /** Values of which a double may not keep all digits. */
  readonly suspects: number;
  /** Whether a day has a time. */
  readonly hasTime: boolean | null;
  /** Digits below the second that count. */
  readonly digits: number | null;
  /** Whether all moments are within the reach of nanoseconds. */
  readonly isNear: boolean | null;
  /** Whether all are `true` or `false`. */
  readonly isBool: boolean | null;
}

/** Most digits of an integer or a decimal of DuckDB. */
const MOST_DIGITS = 38;

type Family = "number" | "moment" | "bool";

const FAMILIES: Readonly<Record<string, Family>> = {
  BIGINT: "number",
  DOUBLE: "number",
  DATE: "moment",
  TIME: "moment",
  TIMESTAMP: "moment",
  "TIMESTAMP WITH TIME ZONE": "moment",
  BOOLEAN: "bool",
};

/** Values that a double may round: long ones that are not what it is written as again, and those with an exponent. */
export function suspectsOf(text: string): string {
  return `regexp_matches(${text}, '[0-9.]{16}|[eE]') and ${text} is distinct from try_cast(${text} as double)::varchar`;
}

const QUESTIONS: Readonly<Record<Family, (text: string) => Readonly<Partial<Record<keyof ColumnFacts, string>>>>> = {
  number: (text) => ({
    whole: `max(length(regexp_extract(${text}, '^[-+]?0*([0-9]*)', 1)))::integer`,
    fraction: `max(length(regexp_extract(${text}, '\\.([0-9]*)', 1)))::integer`,
    isPlain: `bool_and(regexp_full_match(${text}, '[-+]?[0-9]*\\.?[0-9]*'))`,
    isBigint: `bool_and(try_cast(${text} as bigint) is not null)`,
    suspects: `count_if(${suspectsOf(text)})::integer`,
  }),
  moment: (text) => ({
    hasTime: `bool_or(contains(${text}, ':'))`,
    digits: `max(length(rtrim(regexp_extract(${text}, '\\.([0-9]+)', 1), '0')))::integer`,
    isNear: `bool_and(try_cast(${text} as timestamp_ns) is not null)`,
  }),
  bool: (text) => ({ isBool: `bool_and(lower(${text}) in ('true', 'false'))` }),
};

/** Text as DuckDB casts it. */
export function textIn(name: string): string {
  return `trim(${quotedName(name)})`;
}

/** The facts of a column of texts, as an expression of SQL; `undefined`: nothing in it can be rounded. */
export function factsOf(name: string, type: string): string | undefined {
  const family = FAMILIES[type];
  if (family === undefined) return undefined;
  const text = textIn(name);
  // What is of another kind is an error when it is read, whatever else the column holds.
  const valid = family === "number" ? ` filter (try_cast(${text} as double) is not null)` : "";
  const facts = Object.entries(QUESTIONS[family](text)).map(([fact, sql]) =>
    sql.endsWith("::integer")
      ? `'${fact}': (${sql.slice(0, -"::integer".length)}${valid})::integer`
      : `'${fact}': ${sql}${valid}`,
  );
  return `{${facts.join(", ")}}`;
}

/** The type that keeps all values of a column which DuckDB takes for `type`; `isExact` looks at those that a double may round. */
export async function typeKeeping(type: string, facts: ColumnFacts, isExact: () => Promise<boolean>): Promise<string> {
  if (FAMILIES[type] === "number") return facts.whole === null ? type : numberType(facts, isExact);
  if (FAMILIES[type] === "moment") return momentType(type, facts);
  return facts.isBool === false ? "VARCHAR" : type;
}

async function numberType(facts: ColumnFacts, isExact: () => Promise<boolean>): Promise<string> {
  const { whole, fraction, isPlain, isBigint, suspects } = facts;
  const [before, behind] = [whole ?? 0, fraction ?? 0];
  if (isPlain === true && behind === 0) {
    if (isBigint === true) return "BIGINT";
    return before <= MOST_DIGITS ? "HUGEINT" : "VARCHAR";
  }
  if (suspects === 0 || (await isExact())) return "DOUBLE";
  return isPlain === true && before + behind <= MOST_DIGITS ? `DECIMAL(${before + behind}, ${behind})` : "VARCHAR";
}

/** DuckDB's moments have microseconds, but for one type, which has no zone and reaches from 1677 to 2262. */
function momentType(type: string, { hasTime, digits, isNear }: ColumnFacts): string {
  if ((digits ?? 0) > 6) return type !== "TIME" && isNear === true && (digits ?? 0) <= 9 ? "TIMESTAMP_NS" : "VARCHAR";
  return type === "DATE" && hasTime === true ? "TIMESTAMP" : type;
}
