import type { Plan, Target } from "./plan.js";
import type { Round } from "./run-plan.js";
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

/** Compares the rounds with a target, each round by itself. */
export function judgeTarget(target: Target, { plan, rounds }: { plan: Plan; rounds: readonly Round[] }): Judgement {
  const { metric, against, atMost, plus = 0, needs } = target;
  const absent = plan.contenders.find((one) => "absent" in one && against.includes(one.name));
  if (absent !== undefined) return { target, verdict: "not judged", reason: `${absent.name} did not run` };
  const t4 = plan.contenders.find(({ role }) => role === "t4")?.name ?? "";
  const ratios = rounds.map((round) => {
    const limit = Math.max(...against.map((name) => round[name]?.[metric] ?? Number.NaN));
    const ours = round[t4]?.[metric] ?? Number.NaN;
    return against.length === 0 ? ours : (ours - plus) / limit;
  });
  const result = spreadOf(ratios);
  if (needs !== undefined) return { target, verdict: "not judged", result, reason: `the target is for ${needs}` };
  return { target, verdict: result.median <= atMost ? "met" : "missed", result };
}
