import { structuredPatch } from "diff";

/** A line of a comparison. */
export type DiffLine =
  | { readonly kind: "gap"; readonly text: string }
  | {
      readonly kind: "same" | "added" | "removed";
      readonly text: string;
      /** Numbers of the line before and after. */
      readonly before: number | undefined;
      readonly after: number | undefined;
      /** What differs from the line that stands for it on the other side: `[start, end)`. */
      readonly mark?: readonly [number, number];
    };

/** What differs between two texts. */
export interface TextDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** Equal lines around each difference. */
const CONTEXT = 3;
/** Texts that differ in more lines, or that take longer, are not compared line by line. */
const MOST_EDITS = 20_000;
const TIMEOUT_MS = 3000;

/** Compares two texts line by line; `undefined` where they have too little in common for that. */
export function diffTexts(before: string, after: string): TextDiff | undefined {
  const patch = structuredPatch("", "", before, after, "", "", {
    context: CONTEXT,
    maxEditLength: MOST_EDITS,
    timeout: TIMEOUT_MS,
  });
  if (patch === undefined) return undefined;
  const lines: DiffLine[] = [];
  let end = 1;
  for (const hunk of patch.hunks) {
    if (hunk.oldStart > end) lines.push({ kind: "gap", text: `${hunk.oldStart - end} equal lines` });
    lines.push(...hunkLines(hunk));
    end = hunk.oldStart + hunk.oldLines;
  }
  const rest = before.split("\n").length - (before.endsWith("\n") ? 1 : 0) - end + 1;
  if (rest > 0 && lines.length > 0) lines.push({ kind: "gap", text: `${rest} equal lines` });
  const count = (kind: DiffLine["kind"]): number => lines.filter((line) => line.kind === kind).length;
  return { lines, added: count("added"), removed: count("removed") };
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

function hunkLines({ oldStart, newStart, lines }: Hunk): DiffLine[] {
  let [before, after] = [oldStart, newStart];
  const found: DiffLine[] = [];
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith("-")) found.push({ kind: "removed", text, before: before++, after: undefined });
    else if (line.startsWith("+")) found.push({ kind: "added", text, before: undefined, after: after++ });
    else if (line.startsWith(" ")) found.push({ kind: "same", text, before: before++, after: after++ });
    else found.push({ kind: "gap", text: "no line end at the end of the file" });
  }
  return markPairs(found);
}

/** Where as many lines went as came, each is held against the one in its place. */
function markPairs(lines: readonly DiffLine[]): DiffLine[] {
  const marked = [...lines];
  for (let at = 0; at < lines.length; ) {
    const gone = runOf(lines, at, "removed");
    const come = runOf(lines, at + gone, "added");
    if (gone === come) for (let i = at; i < at + gone; i++) markPair(marked, i, i + gone);
    at += Math.max(1, gone + come);
  }
  return marked;
}

function markPair(lines: DiffLine[], first: number, second: number): void {
  const [left, right] = [lines[first], lines[second]];
  const spans = left && right && differing(left.text, right.text);
  if (spans === undefined) return;
  lines[first] = { ...left, mark: spans[0] } as DiffLine;
  lines[second] = { ...right, mark: spans[1] } as DiffLine;
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length++;
  return length;
}

/** The middle in which two lines differ; `undefined` where they have little in common. */
function differing(left: string, right: string): [[number, number], [number, number]] | undefined {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  if (start + end < shorter / 3) return undefined;
  return [
    [start, left.length - end],
    [start, right.length - end],
  ];
}
