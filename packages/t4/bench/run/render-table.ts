import type { Sizes } from "../data/sizes.js";
import type { Cost } from "../measure/measure.js";
import { type Judgement, judgeTarget } from "./judge-target.js";
import type { Absent, Target } from "./plan.js";
import type { FlowResult, Row } from "./record.js";
import type { Round } from "./run-plan.js";
import { type Spread, spreadOf } from "./statistics.js";

type Metric = keyof Cost;
type Column = readonly [title: string, metric: Metric, places: number];

const COSTS: readonly Column[] = [
  ["peak MiB", "peakMiB", 0],
  ["MiB to disk", "writtenMiB", 0],
];
const TRAFFIC: readonly Column[] = [
  ["requests", "requests", 0],
  ["MiB sent", "sentMiB", 1],
  ["MiB received", "receivedMiB", 1],
];

/** One flow as Markdown: a table of who ran, then the targets with what came of them. */
export function renderTable(result: FlowResult, sizes: Sizes): string {
  const { name, summary, rows, targets, rounds } = result;
  const hasTraffic = rounds.some((round) => Object.values(round).some(({ requests }) => requests !== undefined));
  const columns = hasTraffic ? [...COSTS, ...TRAFFIC] : COSTS;
  const t4 = rows.find(({ role }) => role === "t4")?.name ?? "";
  const lines = rows.map((row) =>
    "absent" in row ? absentRow(row, columns.length) : rowOf(row, { t4, rounds, columns }),
  );
  const judged = targets.map((target) => `- ${renderTarget(judgeTarget(target, result, sizes))}`);
  return [
    `### ${name}`,
    "",
    `${summary} ${rounds.length} ${rounds.length === 1 ? "round" : "rounds"}.`,
    "",
    `| | seconds | T4 takes, time | T4 takes, CPU | CPU s | ${columns.map(([title]) => title).join(" | ")} |`,
    `| --- | ---: | ---: | ---: | ---: | ${columns.map(() => "---:").join(" | ")} |`,
    ...lines,
    ...(judged.length === 0 ? [] : ["", ...judged]),
    "",
  ].join("\n");
}

/** How much of a contender's time or CPU T4 takes, round by round. */
export function ratioOf(
  rounds: readonly Round[],
  { t4, other, metric }: { readonly t4: string; readonly other: string; readonly metric: Metric },
): Spread {
  return spreadOf(rounds.map((round) => (round[t4]?.[metric] ?? Number.NaN) / (round[other]?.[metric] ?? Number.NaN)));
}

interface Table {
  readonly t4: string;
  readonly rounds: readonly Round[];
  readonly columns: readonly Column[];
}

function rowOf(row: Row, { t4, rounds, columns }: Table): string {
  const median = (metric: Metric): number =>
    spreadOf(rounds.map((round) => round[row.name]?.[metric] ?? Number.NaN)).median;
  const ratio = (metric: Metric): string =>
    row.name === t4 ? "" : times(ratioOf(rounds, { t4, other: row.name, metric }));
  const cell = ([, metric, places]: Column): string => {
    const value = median(metric);
    return Number.isNaN(value) ? "" : value.toFixed(places);
  };
  return `| ${[
    label(row),
    figure(median("wallSeconds")),
    ratio("wallSeconds"),
    ratio("cpuSeconds"),
    figure(median("cpuSeconds")),
    ...columns.map(cell),
  ].join(" | ")} |`;
}

function absentRow(absent: Absent, columns: number): string {
  return `| ${label(absent)} | ${absent.absent} |${" |".repeat(columns + 3)}`;
}

function label({ name, role }: Row | Absent): string {
  return role === "t4" ? `**${name}**` : role === "limit" ? `limit: ${name}` : name;
}

function renderTarget({ target, verdict, result, reason }: Judgement): string {
  const bound = boundOf(target);
  const got = result === undefined ? "" : target.against.length === 0 ? amount(target, result) : times(result);
  return `${target.id}: ${bound}: ${verdict === "not judged" ? `not judged, ${reason}` : `**${verdict}**`}${got && `; ${got}`}`;
}

/** How the figures of a target are written. */
const UNIT = {
  wallSeconds: { factor: 1000, unit: " ms" },
  cpuSeconds: { factor: 1000, unit: " ms" },
  peakMiB: { factor: 1, unit: " MiB" },
  requests: { factor: 1, unit: "" },
} as const satisfies Readonly<Record<Target["metric"], { readonly factor: number; readonly unit: string }>>;

function boundOf({ metric, against, atMost, plus }: Target): string {
  const what = { wallSeconds: "time", cpuSeconds: "CPU", peakMiB: "peak memory", requests: "requests" }[metric];
  const { factor, unit } = UNIT[metric];
  if (against.length === 0) return `${what} <= ${Math.round(atMost * factor)}${unit}`;
  const limit = against.length > 1 ? `the slower of ${against.join(" and ")}` : against.join("");
  const extra = plus === undefined ? "" : ` + ${Math.round(plus * 1000)} ms`;
  return `${what} <= ${atMost < 0.2 ? `1/${Math.round(1 / atMost)} of` : `${figure(atMost)} x`} ${limit}${extra}`;
}

function amount({ metric }: Target, { median, least, greatest }: Spread): string {
  const { factor, unit } = UNIT[metric];
  const [mid, low, high] = [median, least, greatest].map((value) => (value * factor).toFixed(0));
  return `${mid}${unit} (${low} to ${high})`;
}

function times({ median, least, greatest }: Spread): string {
  return `${figure(median)} x (${figure(least)} to ${figure(greatest)})`;
}

/** Three digits that count, never more than four places. */
export function figure(value: number): string {
  const places = Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toFixed(places);
}
