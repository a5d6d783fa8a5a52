import { type Judgement, judgeTarget } from "./judge-target.js";
import type { Absent, Contender, Plan, Target } from "./plan.js";
import type { Round } from "./run-plan.js";
import { type Spread, spreadOf } from "./statistics.js";

/** A flow that ran. */
export interface FlowResult {
  readonly name: string;
  readonly summary: string;
  readonly plan: Plan;
  readonly rounds: readonly Round[];
}

/** One flow as Markdown: a table of who ran, then the targets with what came of them. */
export function renderTable({ name, summary, plan, rounds }: FlowResult): string {
  const t4 = plan.contenders.find((contender) => contender.role === "t4") as Contender;
  const rows = plan.contenders.map((contender) =>
    "absent" in contender ? absentRow(contender) : row(contender, { t4, rounds }),
  );
  const targets = plan.targets.map((target) => `- ${renderTarget(judgeTarget(target, { plan, rounds }))}`);
  return [
    `### ${name}`,
    "",
    `${summary} ${rounds.length} rounds.`,
    "",
    "| | seconds | T4 takes, time | T4 takes, CPU | CPU s | peak MiB |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    ...(targets.length === 0 ? [] : ["", ...targets]),
    "",
  ].join("\n");
}

function row(
  contender: Contender,
  { t4, rounds }: { readonly t4: Contender; readonly rounds: readonly Round[] },
): string {
  const of = (name: string, metric: "wallSeconds" | "cpuSeconds" | "peakMiB"): number[] =>
    rounds.map((round) => round[name]?.[metric] ?? Number.NaN);
  const median = (metric: "wallSeconds" | "cpuSeconds" | "peakMiB"): number =>
    spreadOf(of(contender.name, metric)).median;
  const ratio = (metric: "wallSeconds" | "cpuSeconds"): string => {
    if (contender === t4) return "";
    const others = of(contender.name, metric);
    return times(spreadOf(of(t4.name, metric).map((ours, index) => ours / (others[index] ?? Number.NaN))));
  };
  return `| ${[
    label(contender),
    figure(median("wallSeconds")),
    ratio("wallSeconds"),
    ratio("cpuSeconds"),
    figure(median("cpuSeconds")),
    median("peakMiB").toFixed(0),
  ].join(" | ")} |`;
}

function absentRow(absent: Absent): string {
  return `| ${label(absent)} | ${absent.absent} | | | | |`;
}

function label({ name, role }: Contender | Absent): string {
  return role === "t4" ? `**${name}**` : role === "limit" ? `limit: ${name}` : name;
}

function renderTarget({ target, verdict, result, reason }: Judgement): string {
  const bound = boundOf(target);
  const got = result === undefined ? "" : target.against.length === 0 ? amount(target, result) : times(result);
  return `${target.id}: ${bound}: ${verdict === "not judged" ? `not judged, ${reason}` : `**${verdict}**`}${got && `; ${got}`}`;
}

function boundOf({ metric, against, atMost, plus }: Target): string {
  const what = { wallSeconds: "time", cpuSeconds: "CPU", peakMiB: "peak memory" }[metric];
  if (against.length === 0) {
    return `${what} <= ${metric === "peakMiB" ? `${atMost} MiB` : `${Math.round(atMost * 1000)} ms`}`;
  }
  const limit = against.length > 1 ? `the slower of ${against.join(" and ")}` : against.join("");
  const extra = plus === undefined ? "" : ` + ${Math.round(plus * 1000)} ms`;
  return `${what} <= ${atMost < 0.2 ? `1/${Math.round(1 / atMost)} of` : `${figure(atMost)} x`} ${limit}${extra}`;
}

function amount({ metric }: Target, { median, least, greatest }: Spread): string {
  const [factor, unit] = metric === "peakMiB" ? [1, "MiB"] : [1000, "ms"];
  const [mid, low, high] = [median, least, greatest].map((value) => (value * factor).toFixed(0));
  return `${mid} ${unit} (${low} to ${high})`;
}

function times({ median, least, greatest }: Spread): string {
  return `${figure(median)} x (${figure(least)} to ${figure(greatest)})`;
}

/** Three digits that count, never more than four places. */
function figure(value: number): string {
  const places = Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toFixed(places);
}
