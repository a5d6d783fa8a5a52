import { Problem } from "../../web/state/api-client.js";
import { readWhole } from "../read-bytes.js";
import type { Sides } from "./sides.js";
import { diffTexts, type TextDiff } from "./text-diff.js";

/** Longer texts are not compared line by line. */
const MOST_BYTES = 8 << 20;

/** Finds the lines in which two states of a text differ. */
export async function compareTexts({ before, after }: Sides): Promise<TextDiff> {
  const tooMuch = new Problem({
    code: "TooLarge",
    message: "These texts are too large, or too different, to be compared line by line.",
    hint: "Open the file before and after, or install both revisions and compare them there.",
  });
  if (Math.max(before.size, after.size) > MOST_BYTES) throw tooMuch;
  const [left, right] = await Promise.all([readWhole(before), readWhole(after)]);
  const decoder = new TextDecoder();
  const diff = diffTexts(decoder.decode(left), decoder.decode(right));
  if (diff === undefined) throw tooMuch;
  return diff;
}
