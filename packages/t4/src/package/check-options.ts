import { T4Error } from "../base/errors.js";
import { nearest } from "../base/nearest.js";

/** Names of the options of whatever may take long. */
export const LONG = ["signal", "onProgress"] as const;
/** Names of the options of whatever makes a revision. */
export const REVISION = ["message", "workflow", "dryRun", ...LONG] as const;

/** Names of the options of whatever opens a revision. */
export const BROWSE = ["registry", "topHash", "manifestDigest", "allowLocal", "trustBuckets"] as const;

/** Refuses option names that do not exist: a misspelt option that is ignored does the wrong thing in silence. */
export function checkOptions(options: object | undefined, known: readonly string[]): void {
  for (const name of Object.keys(options ?? {})) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new T4Error("ERR_T4_USAGE", `Unknown option ${JSON.stringify(name)}.`, {
      hint: near === undefined ? `Known options: ${known.join(", ")}.` : `Did you mean ${near}?`,
      facts: { option: name },
    });
  }
}
