import type { Role } from "../run/plan.js";
import type { FlowResult } from "../run/record.js";
import { ratioOf } from "../run/render-table.js";

/** One tool beside T4 in one flow. */
export interface Comparison {
  readonly flow: string;
  readonly other: string;
  /** Its time over T4's, the median of the rounds: above 1 T4 is faster. Absent when it did not run. */
  readonly factor?: number;
  /** Why it did not run. */
  readonly absent?: string;
}

/** T4's time over that of the first limit of a flow, the bare work. */
export function overLimit({ rows, rounds }: FlowResult): number {
  const nameOf = (wanted: Role): string => rows.find(({ role }) => role === wanted)?.name ?? "";
  return ratioOf(rounds, { t4: nameOf("t4"), other: nameOf("limit"), metric: "wallSeconds" }).median;
}

/** All other tools of a flow. */
export function comparisons({ name: flow, rows, rounds }: FlowResult): Comparison[] {
  const t4 = rows.find(({ role }) => role === "t4")?.name ?? "";
  return rows
    .filter(({ role }) => role === "peer")
    .map((row) => {
      const { name: other } = row;
      if ("absent" in row) return { flow, other, absent: row.absent };
      return { flow, other, factor: 1 / ratioOf(rounds, { t4, other, metric: "wallSeconds" }).median };
    });
}

/** `12 x faster`, `1.4 x slower`, or `equal` within 5 %, which no run of a few rounds tells apart. */
export function inWords(factor: number): string {
  const times = Math.max(factor, 1 / factor);
  if (times < 1.05) return "equal";
  return `${times < 10 ? times.toFixed(1) : Math.round(times)} x ${factor > 1 ? "faster" : "slower"}`;
}
