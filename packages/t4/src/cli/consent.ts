import { T4Error } from "t4";
import type { CliContext } from "./context.js";
import { joined, type Shown, shown } from "./shown.js";

/** The option that answers the question of {@link requireConsent}. */
export const YES = ["-y, --yes", "do not ask"] as const;

/**
 * Asks before something is taken out of a registry.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` unless a person on a terminal says yes.
 */
export async function requireConsent(
  context: CliContext,
  { what, hint, facts = [] }: { readonly what: string; readonly hint: string; readonly facts?: readonly Shown[] },
): Promise<void> {
  if ((await context.confirm(joined([...facts, shown`Take out ${what}?`], " "))) === true) return;
  throw new T4Error("ERR_T4_USAGE", `Did not take out ${what}.`, { hint: `--yes does it without asking; ${hint}` });
}
