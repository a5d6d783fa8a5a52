import type { Sizes } from "../data/sizes.js";
import type { MachineFacts } from "./machine-facts.js";
import type { Absent, Contender, Target } from "./plan.js";
import type { Round } from "./run-plan.js";

/** Who ran: its name, and the command that was measured. */
export type Row = Pick<Contender, "name" | "role" | "command">;

/** A flow that ran. */
export interface FlowResult {
  readonly name: string;
  readonly summary: string;
  readonly rows: readonly (Row | Absent)[];
  readonly targets: readonly Target[];
  readonly rounds: readonly Round[];
}

/** A whole run, as it is kept: all that its tables are made of. */
export interface RunRecord {
  readonly machine: MachineFacts;
  /** Versions of the other tools by name, or how to get what was not there. */
  readonly peers: Readonly<Record<string, string>>;
  readonly sizes: Sizes;
  readonly results: readonly FlowResult[];
}

/** A run as JSON; directories, by what to call them, are called that. */
export function recordText(record: RunRecord, places: Readonly<Record<string, string>>): string {
  const text = JSON.stringify(record, null, 1);
  // The longest first: some lie in others.
  const named = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  return `${named.reduce((all, [name, path]) => all.replaceAll(path, name), text)}\n`;
}
