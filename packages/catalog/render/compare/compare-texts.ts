import { Problem } from "../../web/state/api-client.js";
import { readCounted } from "../read-bytes.js";
import { countingRead, type Sides, type Tell } from "./sides.js";
import { diffTexts, type TextDiff } from "./text-diff.js";

/** Longer texts are not compared line by line. */
const MOST_BYTES = 8 << 20;

/** Finds the lines in which two states of a text differ. */
export async function compareTexts({ before, after }: Sides, tell: Tell): Promise<TextDiff> {
  const tooMuch = new Problem({
    code: "TooLarge",
    message: "These texts are too large, or too different, to be compared line by line.",
    hint: "Open the file before and after, or install both revisions and compare them there.",
  });
  if (Math.max(before.size, after.size) > MOST_BYTES) throw tooMuch;
  const onRead = countingRead(before.size + after.size, tell);
  const [left, right] = await Promise.all([readCounted(before, onRead), readCounted(after, onRead)]);
  const decoder = new TextDecoder();
  const diff = diffTexts(decoder.decode(left), decoder.decode(right));
  if (diff === undefined) throw tooMuch;
  return diff;
}
