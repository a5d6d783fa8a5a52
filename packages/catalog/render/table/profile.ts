import type { ColumnProfile } from "../../server/table-api.js";
import type { ColumnKind, Value } from "./table-source.js";

/** What the values of a column look like. */
export interface Profile {
  /** Bars from left to right: counts of values by size, or of the commonest ones. */
  readonly bars: readonly Bar[];
  readonly empty: number;
  readonly count: number;
  /** In a few words: `−3.1 … 28.4`, `12 values`. */
  readonly summary: string;
}

/** One bar and what it stands for. */
export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly rows: BarRows;
}

/** Which rows a bar counts: those whose value, time in milliseconds since 1970 or length lies in a part, or that have one text. */
export type BarRows =
  | { readonly of: "value" | "time" | "length"; readonly from: number; readonly to: number; readonly isLast: boolean }
  | { readonly of: "text"; readonly is: string };

const BARS = 16;
/** Texts with more values than this are as good as names: their length is shown. */
const MOST_VALUES = 500;
const DAY_MS = 86_400_000;
/** What JavaScript's dates reach. */
const LAST_MS = 8.64e15;

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const NUMBER = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

type Look = Pick<Profile, "bars" | "summary">;

/** Looks at a column's values. */
export function profile(values: readonly Value[], kind: ColumnKind): Profile {
  const filled = values.filter((value) => value !== null && value !== undefined && value !== "");
  const base = { empty: values.length - filled.length, count: values.length };
  if (filled.length === 0) return { ...base, bars: [], summary: "empty" };
  if (kind === "number") return { ...base, ...lookOfNumbers(spreadOf(filled.map(Number))) };
  if (kind === "date") {
    return { ...base, ...lookOfDates(spreadOf(filled.map((value) => new Date(value as string).getTime()))) };
  }
  return { ...base, ...lookOfTexts(countTexts(filled.map(String))) };
}

/** Shows what the server found by reading all rows of a column. */
export function profileOfAll({ kind, empty, low, high, bars, values, common }: ColumnProfile, count: number): Profile {
  const base = { empty, count };
  if (empty === count) return { ...base, bars: [], summary: "empty" };
  const spread = low === null || high === null ? undefined : { low, high, counts: bars };
  if (kind === "number") return { ...base, ...lookOfNumbers(spread) };
  if (kind === "date") return { ...base, ...lookOfDates(spread) };
  return { ...base, ...lookOfTexts({ count: count - empty, values: values ?? 0, common, lengths: spread }) };
}

/** How numbers lie between the least and the greatest of them, in parts of equal width. */
interface Spread {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** `undefined`: none of them is finite. */
function spreadOf(values: readonly number[]): Spread | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  let [low, high] = [finite[0] as number, finite[0] as number];
  for (const value of finite) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const counts = Array.from({ length: BARS }, () => 0);
  const width = (high - low) / BARS;
  for (const value of finite) {
    const at = width === 0 ? 0 : Math.min(BARS - 1, Math.floor((value - low) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { low, high, counts };
}

function lookOfNumbers(spread: Spread | undefined): Look {
  return lookOf(spread, "value", (value) => (Number.isInteger(value) ? WHOLE : NUMBER).format(value));
}

/** Days, or minutes where all is within two days. */
function lookOfDates(spread: Spread | undefined): Look {
  const { low = 0, high = 0 } = spread ?? {};
  const isShort = high - low < 2 * DAY_MS && (low % DAY_MS !== 0 || high % DAY_MS !== 0);
  return lookOf(spread, "time", (time) =>
    new Date(Math.max(-LAST_MS, Math.min(LAST_MS, time)))
      .toISOString()
      .slice(0, isShort ? 16 : 10)
      .replace("T", " "),
  );
}

function lookOf(spread: Spread | undefined, of: Exclude<BarRows["of"], "text">, show: (value: number) => string): Look {
  if (spread === undefined) return { bars: [], summary: "no finite value" };
  const { low, high, counts } = spread;
  const rows = (from: number, to: number): BarRows => ({ of, from, to, isLast: to === high });
  if (low === high) {
    return {
      bars: [{ label: show(low), count: counts[0] ?? 0, rows: rows(low, low) }],
      summary: `always ${show(low)}`,
    };
  }
  const width = (high - low) / counts.length;
  const edge = (at: number): number => (at === counts.length ? high : low + at * width);
  const bars = counts.map((count, at): Bar => {
    const [from, to] = [edge(at), edge(at + 1)];
    return { label: `${show(from)} to ${show(to)}`, count, rows: rows(from, to) };
  });
  return { bars, summary: `${show(low)} … ${show(high)}` };
}

/** Texts by how often they are there. */
interface TextCounts {
  readonly count: number;
  /** How many different ones. */
  readonly values: number;
  /** The commonest first. */
  readonly common: readonly { readonly value: string; readonly count: number }[];
  readonly lengths: Spread | undefined;
}

function countTexts(texts: readonly string[]): TextCounts {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const common = Array.from(counts, ([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  return { count: texts.length, values: counts.size, common, lengths: spreadOf(texts.map(({ length }) => length)) };
}

function lookOfTexts({ count, values, common, lengths }: TextCounts): Look {
  const words = `${values.toLocaleString("en-US")} values`;
  if (values > MOST_VALUES) {
    const { bars } = lookOf(lengths, "length", (length) => `${length} characters`);
    const summary = values === count ? "all different" : words;
    return { bars, summary };
  }
  const bars = common.slice(0, BARS).map((one): Bar => {
    return { label: one.value, count: one.count, rows: { of: "text", is: one.value } };
  });
  return { bars, summary: values === 1 ? "always the same" : words };
}
