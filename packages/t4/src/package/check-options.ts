import { T4Error } from "../base/errors.js";
import { nearest } from "../base/nearest.js";

/** Names of the options of whatever may take long. */
export const LONG = ["signal", "onProgress"] as const;
/** Names of the options of whatever makes a revision. */
export const REVISION = ["message", "workflow", "dryRun", ...LONG] as const;

/** Names of the options that say what is trusted. */
export const TRUST = ["allowLocal", "trustBuckets"] as const;
/** Names of the options of whatever opens a revision. */
export const BROWSE = ["registry", "topHash", "manifestDigest", ...TRUST] as const;

/** Names of all options: one that is no option, or is left out, does not compile. */
type AllNames<Options, Names extends readonly string[]> = readonly (keyof Options & string)[] &
  ([keyof Options] extends [Names[number]] ? unknown : { readonly leftOut: Exclude<keyof Options, Names[number]> });

/** Refuses option names that do not exist: a misspelt option that is ignored does the wrong thing in silence. */
export function checkOptions<Options extends object, const Names extends readonly string[]>(
  options: Options | undefined,
  known: Names & AllNames<Options, Names>,
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null)
    throw new T4Error("ERR_T4_USAGE", `Options are an object, not ${String(options)}.`, {
      hint: `Known options: ${known.join(", ")}.`,
    });
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new T4Error("ERR_T4_USAGE", `Unknown option ${JSON.stringify(name)}.`, {
      hint: near === undefined ? `Known options: ${known.join(", ")}.` : `Did you mean ${near}?`,
      facts: { option: name },
    });
  }
  const { signal } = options as { signal?: unknown };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new T4Error("ERR_T4_USAGE", "The option signal is no AbortSignal.", {
      hint: "Pass the signal of an AbortController.",
      facts: { option: "signal" },
    });
}
