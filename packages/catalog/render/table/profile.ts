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
}

const BARS = 16;
/** Texts with more values than this are as good as names: their length is shown. */
const MOST_VALUES = 500;

const NUMBER = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4, notation: "standard" });

/** Looks at a column's values. */
export function profile(values: readonly Value[], kind: ColumnKind): Profile {
  const filled = values.filter((value) => value !== null && value !== undefined && value !== "");
  const base = { empty: values.length - filled.length, count: values.length };
  if (filled.length === 0) return { ...base, bars: [], summary: "empty" };
  if (kind === "number") return { ...base, ...ofNumbers(filled.map(Number), (value) => NUMBER.format(value)) };
  if (kind === "date") {
    const times = filled.map((value) => new Date(value as string).getTime());
    return { ...base, ...ofNumbers(times, dateShower(times)) };
  }
  return { ...base, ...ofTexts(filled.map(String)) };
}

/** Days, or minutes where all is within two days. */
function dateShower(times: readonly number[]): (time: number) => string {
  const [low, high] = times.reduce(
    ([least, most], time) => [Math.min(least, time), Math.max(most, time)],
    [Infinity, -Infinity],
  );
  const length = high - low < 2 * 86_400_000 && times.some((time) => time % 86_400_000 !== 0) ? 16 : 10;
  return (time) => new Date(time).toISOString().slice(0, length).replace("T", " ");
}

function ofNumbers(values: readonly number[], show: (value: number) => string): Pick<Profile, "bars" | "summary"> {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { bars: [], summary: "no finite value" };
  let [low, high] = [finite[0] as number, finite[0] as number];
  for (const value of finite) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) return { bars: [{ label: show(low), count: finite.length }], summary: `always ${show(low)}` };
  const counts = Array.from({ length: BARS }, () => 0);
  const width = (high - low) / BARS;
  for (const value of finite) {
    const at = Math.min(BARS - 1, Math.floor((value - low) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const label = (at: number): string => `${show(low + at * width)} to ${show(low + (at + 1) * width)}`;
  return { bars: counts.map((count, at) => ({ label: label(at), count })), summary: `${show(low)} … ${show(high)}` };
}

function ofTexts(values: readonly string[]): Pick<Profile, "bars" | "summary"> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size > MOST_VALUES) {
    const lengths = ofNumbers(
      values.map((value) => value.length),
      String,
    );
    const all = counts.size === values.length ? "all different" : `${counts.size.toLocaleString("en-US")} values`;
    return { bars: lengths.bars.map((bar) => ({ label: `${bar.label} characters`, count: bar.count })), summary: all };
  }
  const common = Array.from(counts, ([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
  const summary = counts.size === 1 ? "always the same" : `${counts.size.toLocaleString("en-US")} values`;
  return { bars: common.slice(0, BARS), summary };
}
