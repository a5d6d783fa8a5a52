import { type Finding, pathOrUrl } from "t4";
import type { Paint } from "./context.js";
import { counted, short } from "./render.js";
import { joined, type Shown, shown } from "./shown.js";

/** So many revisions are named. */
const NAMED = 5;

/** So many findings are told: one that several revisions have is one. */
export function toldCount(findings: readonly Finding[]): number {
  return groups(findings, (finding) => `${finding.code} ${sameness(finding)}`).length;
}

/** All findings, each told once however many revisions have it; what to do comes below all of a code. */
export function findingLines(findings: readonly Finding[], paint: Paint): Shown {
  return joined(
    groups(findings, ({ code }) => code).map((ofCode) => {
      const lines = groups(ofCode, sameness).map((each) => line(each, paint));
      const left = ofCode.find(({ isRepaired }) => !isRepaired);
      return shown`${joined(lines)}${left === undefined ? "" : shown`  ${left.hint}\n`}`;
    }),
  );
}

/** The same finding in one or several revisions. */
function line(same: readonly Finding[], paint: Paint): Shown {
  const [first] = same;
  if (first === undefined) return shown``;
  const { code, severity, where, message, isRepaired } = first;
  const label = paint(severity === "error" ? "red" : "yellow", severity);
  const repaired = isRepaired ? " (repaired)" : "";
  if (same.length === 1) return shown`${label} ${code} ${pathOrUrl(where)}: ${message}${repaired}\n`;
  const revisions = same.slice(0, NAMED).map((finding) => short(revisionIn(finding.where) ?? ""));
  const more = same.length > NAMED ? ", …" : "";
  const used = `used by ${counted(same.length, "revision")}: ${revisions.join(", ")}${more}`;
  return shown`${label} ${code} ${message}${repaired}\n  ${used}\n`;
}

/** The revision whose manifest is meant; `undefined` when something else is. */
function revisionIn(where: string): string | undefined {
  return /^\.quilt\/packages\/([0-9a-f]{64})$/.exec(where)?.[1];
}

/** What is equal for one finding in several revisions. */
function sameness({ message, isRepaired, where }: Finding): string {
  return JSON.stringify([message, isRepaired, revisionIn(where) === undefined ? where : ""]);
}

function groups(findings: readonly Finding[], keyOf: (finding: Finding) => string): Finding[][] {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = byKey.get(keyOf(finding));
    if (group === undefined) byKey.set(keyOf(finding), [finding]);
    else group.push(finding);
  }
  return [...byKey.values()];
}
