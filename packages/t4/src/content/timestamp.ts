/** The units of times. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** Nanoseconds in each unit. */
export const NS_IN: Readonly<Record<TimeUnit, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n };
const NS_IN_MS = 1_000_000n;
const NS_IN_S = 1_000_000_000n;
/** Furthest from 1970 that a Date reaches, in milliseconds. */
const MOST_MS = 8_640_000_000_000_000n;

/**
 * A Date that also knows the digits below the millisecond, which a Date alone would lose.
 *
 * @example
 * ```ts
 * import { Package, Timestamp } from "t4";
 * const pkg = await new Package().setText("a.csv", "at\n2024-05-01T12:00:00.123456Z\n");
 * for await (const { at } of pkg.entry("a.csv").rows()) {
 *   if (at instanceof Timestamp) console.log(at.nanoseconds, at.toISOString()); // 456000 "2024-05-01T12:00:00.123456Z"
 * }
 * ```
 */
export class Timestamp extends Date {
  /** Nanoseconds after the millisecond, from 0 to 999,999. */
  readonly nanoseconds: number;

  /** Milliseconds since 1970, whole, and the nanoseconds after them. */
  constructor(milliseconds: number, nanoseconds: number) {
    super(milliseconds);
    this.nanoseconds = nanoseconds;
  }

  /**
   * As that of a Date, with as many digits as it takes: 3, 6 or 9.
   *
   * @example
   * ```ts
   * import { Timestamp } from "t4";
   * console.assert(new Timestamp(0, 1).toISOString() === "1970-01-01T00:00:00.000000001Z");
   * ```
   */
  override toISOString(): string {
    const digits = String(this.nanoseconds).padStart(6, "0").replace(/000$/, "");
    return super.toISOString().replace("Z", `${digits}Z`);
  }

  /**
   * The same as {@link Timestamp.toISOString}.
   *
   * @example
   * ```ts
   * import { Timestamp } from "t4";
   * console.assert(JSON.stringify(new Timestamp(0, 1000)) === '"1970-01-01T00:00:00.000001Z"');
   * ```
   */
  override toJSON(): string {
    return this.toISOString();
  }
}

/** A moment from a count since 1970; the count itself where no Date reaches. */
export function timestampOf(count: bigint | number, unit: TimeUnit): Date | bigint {
  const all = BigInt(count) * NS_IN[unit];
  const rest = ((all % NS_IN_MS) + NS_IN_MS) % NS_IN_MS;
  const milliseconds = (all - rest) / NS_IN_MS;
  if (milliseconds > MOST_MS || milliseconds < -MOST_MS) return BigInt(count);
  return momentOf(Number(milliseconds), Number(rest));
}

const DAY_MS = 86_400_000;

/** A day from a count since 1970; the count itself where no Date reaches. */
export function dayOf(days: bigint | number): Date | bigint {
  const date = new Date(Number(days) * DAY_MS);
  return Number.isNaN(date.getTime()) ? BigInt(days) : date;
}

/** A Date, or a {@link Timestamp} where one is needed. */
export function momentOf(milliseconds: number, nanoseconds: number): Date {
  return nanoseconds === 0 ? new Date(milliseconds) : new Timestamp(milliseconds, nanoseconds);
}

/** A time of day as text, `12:34:56.789`, with as many digits as the unit has. */
export function timeOfDay(count: bigint | number, unit: TimeUnit): string {
  const perSecond = NS_IN_S / NS_IN[unit];
  const whole = BigInt(count);
  const seconds = whole / perSecond;
  const time = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return unit === "s" ? time : `${time}.${String(whole % perSecond).padStart(String(perSecond).length - 1, "0")}`;
}

function two(value: bigint): string {
  return String(value).padStart(2, "0");
}

/** Furthest that a decimal's point is moved: 256 bits have so many digits. */
const MOST_SCALE = 76;

/**
 * The scale that a file says its decimals have.
 *
 * @throws Error for one that no writer makes: a single value could take all memory as text.
 */
export function decimalScale(scale: number): number {
  if (Math.abs(scale) <= MOST_SCALE) return scale;
  throw new Error(`it has decimals with ${scale} digits behind the point, more than ${MOST_SCALE}`);
}

/** A decimal as text, from its digits as a whole number and how many of them are behind the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
