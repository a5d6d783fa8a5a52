import type { DuckDBValue } from "@duckdb/node-api";
import { NS_IN, Timestamp, type TimeUnit } from "../../content/timestamp.js";
import type { ColumnType } from "./column-types.js";
import type { DuckDb } from "./engine.js";

const DAY_MS = 86_400_000;
/** Furthest from 1970 that DuckDB's dates reach; one more is its infinity. */
const MOST_DAYS = 2 ** 31 - 2;

/** The type for a date, a time of day or a moment; `undefined` for others. */
export function timeType(duckdb: DuckDb, name: string): ColumnType | undefined {
  if (name === "date") {
    return {
      type: duckdb.DATE,
      of(value) {
        // Rows have a count of days where no Date reaches.
        const days = value instanceof Date ? value.getTime() / DAY_MS : Number(value);
        const isDay = (value instanceof Date || typeof value === "bigint") && Number.isInteger(days);
        return isDay && Math.abs(days) <= MOST_DAYS ? new duckdb.DuckDBDateValue(days) : undefined;
      },
    };
  }
  if (/^time\[(?:s|ms|us)\]$/.test(name)) return { type: duckdb.TIME, of: (value) => timeOf(duckdb, value) };
  const moment = /^timestamp(?:\[(s|ms|us|ns)(, .*)?\])?$/.exec(name);
  return moment === null ? undefined : momentType(duckdb, (moment[1] ?? "us") as TimeUnit, moment[2] !== undefined);
}

function timeOf(duckdb: DuckDb, value: unknown): DuckDBValue | undefined {
  const [, hours, minutes, seconds, digits = ""] = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(String(value)) ?? [];
  if (hours === undefined) return undefined;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return new duckdb.DuckDBTimeValue(BigInt(whole) * 1_000_000n + BigInt(digits.padEnd(6, "0")));
}

/** A moment in DuckDB's type of the same unit; with a zone there is but one type, of microseconds. */
function momentType(duckdb: DuckDb, unit: TimeUnit, isZoned: boolean): ColumnType {
  const types = {
    s: [duckdb.TIMESTAMP_S, duckdb.DuckDBTimestampSecondsValue],
    ms: [duckdb.TIMESTAMP_MS, duckdb.DuckDBTimestampMillisecondsValue],
    us: [duckdb.TIMESTAMP, duckdb.DuckDBTimestampValue],
    ns: [duckdb.TIMESTAMP_NS, duckdb.DuckDBTimestampNanosecondsValue],
    zoned: [duckdb.TIMESTAMPTZ, duckdb.DuckDBTimestampTZValue],
  } as const;
  const own = isZoned && unit !== "ns" ? "us" : unit;
  const [type, Value] = types[isZoned && unit !== "ns" ? "zoned" : unit];
  return {
    type,
    of(value) {
      const all = nanosecondsOf(value, unit);
      const count = all === undefined ? undefined : all / NS_IN[own];
      const isWhole = count !== undefined && count * NS_IN[own] === all && BigInt.asIntN(64, count) === count;
      return isWhole ? new Value(count) : undefined;
    },
  };
}

/** Nanoseconds since 1970; rows have a count of the unit where no Date reaches. */
function nanosecondsOf(value: unknown, unit: TimeUnit): bigint | undefined {
  if (typeof value === "bigint") return value * NS_IN[unit];
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  return BigInt(value.getTime()) * NS_IN.ms + BigInt(value instanceof Timestamp ? value.nanoseconds : 0);
}
