import type { CliContext } from "./context.js";
import { wholeNumber } from "./options.js";
import { counted } from "./render.js";
import { shown } from "./shown.js";

/** Options of the commands that answer from the index of a registry. */
export const CACHED = ["--cached", "answer from the index as it is, without looking for new revisions"] as const;
export const LIMIT = ["--limit <number>", "so many packages at most", wholeNumber(1), 20] as const;

/** Says why the answer takes a while. */
export function tellReading({ err }: CliContext, quiet: boolean): (packages: number) => void {
  return (packages) => {
    if (!quiet) err(shown`Reading ${counted(packages, "new or changed package")} ...\n`);
  };
}
