import type { Sizes } from "../data/sizes.js";
import type { Target } from "./plan.js";
import type { FlowResult } from "./record.js";
import { type Spread, spreadOf } from "./statistics.js";

/** A target with what came of it. */
export interface Judgement {
  readonly target: Target;
  readonly verdict: "met" | "missed" | "not judged";
  /** Of the paired ratios, or of the figure itself for an absolute bound. */
  readonly result?: Spread;
  /** Why it was not judged. */
  readonly reason?: string;
}

/** What the sizes count, for people. */
const UNITS: Readonly<Record<keyof Sizes, string>> = {
  largeCount: "large files",
  largeMiB: "MiB in each",
  smallCount: "small files",
  rows: "rows",
};

/** Compares the rounds with a target, each round by itself. */
export function judgeTarget(target: Target, { rows, rounds }: FlowResult, sizes: Sizes): Judgement {
  const { metric, against, atMost, plus = 0 } = target;
  const ran = new Set(rows.filter((one) => !("absent" in one)).map(({ name }) => name));
  const absent = against.find((name) => !ran.has(name));
  if (absent !== undefined) return { target, verdict: "not judged", reason: `${absent} did not run` };
  const t4 = rows.find(({ role }) => role === "t4")?.name ?? "";
  const ratios = rounds.map((round) => {
    const limit = Math.max(...against.map((name) => round[name]?.[metric] ?? Number.NaN));
    const ours = round[t4]?.[metric] ?? Number.NaN;
    return against.length === 0 ? ours : (ours - plus) / limit;
  });
  const result = spreadOf(ratios);
  const wanted = tooLittle(target, sizes);
  if (wanted !== undefined) return { target, verdict: "not judged", result, reason: `the target is for ${wanted}` };
  return { target, verdict: result.median <= atMost ? "met" : "missed", result };
}

/** What the target speaks of, where the run had less. */
function tooLittle({ needs = {} }: Target, sizes: Sizes): string | undefined {
  const wanted = Object.entries(needs) as [keyof Sizes, number][];
  if (wanted.every(([size, least]) => sizes[size] >= least)) return undefined;
  return wanted.map(([size, least]) => `${least.toLocaleString("en-US")} ${UNITS[size]}`).join(", ");
}
