import { Command, CommanderError } from "commander";
import { EXIT_CODES, isT4Error, nearest } from "t4";
import { COMMANDS } from "./command-table.js";
import type { CliContext } from "./context.js";
import { clean, color, json } from "./render.js";

const CANCELLED = 130;

/** Loads one command, reads its arguments and runs it; every failure becomes a message and an exit code. */
export async function runCommand(argv: readonly string[], context: CliContext): Promise<number> {
  const [name = "", ...rest] = argv;
  const found = COMMANDS[name];
  if (found === undefined) {
    const near = nearest(name, Object.keys(COMMANDS));
    context.err(`${color("red", "error:")} There is no command ${JSON.stringify(clean(name))}.\n`);
    context.err(
      `${color("dim", "hint:")} ${near === undefined ? "t4 --help lists the commands." : `Did you mean t4 ${near}?`}\n`,
    );
    return EXIT_CODES.ERR_T4_USAGE;
  }
  const command = new Command(`t4 ${name}`).description(`${found.summary}.`).exitOverride().showSuggestionAfterError();
  command.configureOutput({ writeOut: context.out, writeErr: context.err });
  (await found.load()).define(command, context);
  try {
    await command.parseAsync([...rest], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, { context, isJson: rest.includes("--json") });
  }
}

function report(error: unknown, to: { readonly context: CliContext; readonly isJson: boolean }): number {
  const { context, isJson } = to;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.ERR_T4_USAGE;
  if (context.signal.aborted) {
    context.err("Cancelled. Nothing is left half-done.\n");
    return CANCELLED;
  }
  if (!isT4Error(error)) {
    context.err(`${color("red", "error:")} ${clean(error instanceof Error ? error.message : String(error))}\n`);
    return EXIT_CODES.ERR_T4_IO;
  }
  const { code, message, hint, facts } = error;
  if (isJson) context.err(json({ error: { code, message, hint, facts } }));
  else {
    context.err(`${color("red", "error:")} ${clean(message)}\n`);
    if (hint !== undefined) context.err(`${color("dim", "hint:")} ${clean(hint)}\n`);
  }
  return EXIT_CODES[code];
}
