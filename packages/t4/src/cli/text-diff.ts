import { isT4Error, type PackageEntry } from "t4";
import { type Comparison, changeCells, type LineStyle, metadataLines, type Sides, sidesOf } from "./comparison.js";
import type { Paint, Style } from "./context.js";
import { bytes } from "./render.js";
import { joined, type Shown, shown, shownText } from "./shown.js";

/** Larger files are not compared line by line: nobody reads that. */
const LARGEST_BYTES = 1_000_000;
/** Files that have little in common could take for ever. */
const TIMEOUT_MS = 5000;

const CRLF = "\r\n";
const RETURN: Shown = { shown: "\r" };

const STYLES: Readonly<Record<string, Style>> = { "+": "green", "-": "red", "@": "dim" };

/** How text is shown, and whether a person or a program gets it. */
export interface TextStyle extends LineStyle {
  readonly isTerminal: boolean;
}

/** What differs, as unified diffs where files are small and text; of others, that they differ and why no more is shown. */
export async function* textChanges(comparison: Comparison, style: TextStyle): AsyncGenerator<Shown, void, undefined> {
  for (const sides of sidesOf(comparison)) {
    const [name, facts] = changeCells(sides, style);
    const { patch, reason } = await patchOf(sides, style);
    yield shown`${name}  ${facts}${reason === undefined ? "" : `, ${reason}`}\n${patch ?? ""}`;
  }
  yield metadataLines(comparison, style);
}

/** A unified diff, or why there is none. */
interface Patch {
  readonly patch?: Shown;
  readonly reason?: string;
}

async function patchOf({ key, old, now }: Sides, { paint, nameOf, isTerminal }: TextStyle): Promise<Patch> {
  // Only the metadata differs.
  if (old?.hash !== undefined && old.hash.value === now?.hash?.value) return {};
  if (isLarge(old) || isLarge(now)) return { reason: `not shown: larger than ${bytes(LARGEST_BYTES)}` };
  const [before, after] = [await textOf(old), await textOf(now)];
  if (before === undefined || after === undefined) return { reason: "not shown: no text" };
  const { formatPatch, OMIT_HEADERS, structuredPatch } = await import("diff");
  const patch = structuredPatch("", "", before, after, undefined, undefined, { timeout: TIMEOUT_MS });
  if (patch === undefined) return { reason: "not shown: too little in common" };
  const name = (entry: PackageEntry | undefined): string => (entry === undefined ? "/dev/null" : nameOf(key));
  const header = shown`--- ${name(old)}\n+++ ${name(now)}\n`;
  const areEndsShown = isTerminal && hasOtherEnds(before, after);
  const lines = painted(formatPatch(patch, OMIT_HEADERS), { paint, areEndsShown });
  return { patch: joined([paint("bold", header), lines]) };
}

/** Whether the ends of lines may be what changed; a side without text has none. */
function hasOtherEnds(before: string, after: string): boolean {
  return before !== "" && after !== "" && before.includes(CRLF) !== after.includes(CRLF);
}

function isLarge(entry: PackageEntry | undefined): boolean {
  return (entry?.size ?? 0) > LARGEST_BYTES;
}

/** A file's text, verified; `undefined` when it is none. */
async function textOf(entry: PackageEntry | undefined): Promise<string | undefined> {
  try {
    const text = (await entry?.text()) ?? "";
    return text.includes("\0") ? undefined : text;
  } catch (error) {
    if (isT4Error(error, "ERR_T4_FORMAT")) return undefined;
    throw error;
  }
}

/** The lines of a patch. A carriage return at the end of one does no harm; it is part of the patch, and shown where it is what changed. */
function painted(
  patch: string,
  { paint, areEndsShown }: { readonly paint: Paint; readonly areEndsShown: boolean },
): Shown {
  const lines = patch.split("\n").slice(0, -1);
  return joined(
    lines.map((line) => {
      const style = STYLES[line[0] ?? ""];
      const isKept = !areEndsShown && line.endsWith("\r");
      const text = shownText(isKept ? line.slice(0, -1) : line);
      return shown`${style === undefined ? text : paint(style, text)}${isKept ? RETURN : shown``}\n`;
    }),
  );
}
