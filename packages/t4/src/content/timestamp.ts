/** Units in a second. */
export type TimeUnit = "ms" | "us" | "ns";

const PER_MS: Readonly<Record<TimeUnit, bigint>> = { ms: 1n, us: 1_000n, ns: 1_000_000n };
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
  const whole = BigInt(count);
  const per = PER_MS[unit];
  const rest = ((whole % per) + per) % per;
  const milliseconds = (whole - rest) / per;
  if (milliseconds > MOST_MS || milliseconds < -MOST_MS) return whole;
  return momentOf(Number(milliseconds), Number(rest * (1_000_000n / per)));
}

/** A Date, or a {@link Timestamp} where one is needed. */
export function momentOf(milliseconds: number, nanoseconds: number): Date {
  return nanoseconds === 0 ? new Date(milliseconds) : new Timestamp(milliseconds, nanoseconds);
}

/** A time of day as text, `12:34:56.789`, with as many digits as the unit has. */
export function timeOfDay(count: bigint | number, unit: TimeUnit): string {
  const perSecond = PER_MS[unit] * 1000n;
  const whole = BigInt(count);
  const seconds = whole / perSecond;
  const digits = String(whole % perSecond).padStart(String(perSecond).length - 1, "0");
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${digits}`;
}

function two(value: bigint): string {
  return String(value).padStart(2, "0");
}

/** A decimal as text, from its digits as a whole number and how many of them are behind the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
