const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** Bytes for people: three digits and a unit, as the command writes them. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  let [value, power] = [count / 1000, 0];
  // What is rounded to a thousand is one of the next unit.
  for (; value >= 999.5 && power < UNITS.length - 1; power++) value /= 1000;
  return `${value < 999.5 ? value.toPrecision(3) : exact(Math.round(value))} ${UNITS[power]}`;
}

/** By how many bytes something grew or shrank. */
export function grownBytes(more: number): string {
  return `${more < 0 ? "−" : "+"}${bytes(Math.abs(more))}`;
}

const WHOLE = new Intl.NumberFormat("en-US");

/** A number with its thousands apart. */
export function exact(count: number): string {
  return WHOLE.format(count);
}

/** A count with its noun. */
export function counted(count: number, noun: string): string {
  return `${exact(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 7],
  ["week", 4.35],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago a time is. */
export function ago(time: Date, now = Date.now()): string {
  let value = (time.getTime() - now) / 1000;
  if (Math.abs(value) < 10) return "just now";
  for (const [unit, size] of STEPS) {
    if (Math.abs(value) < size) return RELATIVE.format(Math.round(value), unit);
    value /= size;
  }
  return time.toISOString();
}

/** A time to the second, in UTC. */
export function utc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Characters that change how others are shown or that are not seen at all: made visible, so that no name can lie. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a package, with what would not be seen written out. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (mark) => `\u27e8U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`,
  );
}

/** The last part of a path. */
export function baseName(path: string): string {
  const parts = path.split("/");
  return parts.pop() || (parts.pop() ?? "");
}

/** A top hash in groups, shortened in the middle. */
export function shortHash(topHash: string): string {
  return topHash.slice(0, 12);
}
