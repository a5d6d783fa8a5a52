import type { Command } from "commander";
import type { CliContext } from "./context.js";

/** What a command file exports: it describes itself to commander and says what to do. */
export type DefineCommand = (command: Command, context: CliContext) => void;

/** One line of the top-level help, and where the command is. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: DefineCommand }>;
  /** It leaves nothing behind wherever it stops: Ctrl-C ends it at once. All others bring themselves to an end. */
  readonly onlyPrints?: true;
}
