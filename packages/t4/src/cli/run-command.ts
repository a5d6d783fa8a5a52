import { Command, CommanderError } from "commander";
import { type ErrorFacts, EXIT_CODES, isT4Error, nearest } from "t4";
import { COMMANDS } from "./command-table.js";
import type { CliContext, Style } from "./context.js";
import { json } from "./render.js";
import { escaped, type Shown, shown, shownLines } from "./shown.js";
import { wrapped, wrappedMessage } from "./wrapped.js";

const CANCELLED = 130;
/** Longer lines are hard to read, on the widest screen. */
const WIDEST_HELP = 100;
/** An error is read as a paragraph. */
const WIDEST_ERROR = 80;
const SYSTEM_HINT = "The system refused this: remove the cause and run the same command again.";

/** Loads one command, reads its arguments and runs it; every failure becomes a message and an exit code. */
export async function runCommand(argv: readonly string[], outside: CliContext): Promise<number> {
  const context = wrapping(outside);
  const [name = "", ...rest] = argv;
  const say: Say = rest.includes("--json") ? tellJson : tell;
  const command = await loadCommand(name, context);
  if (command === undefined) {
    const near = nearest(name, Object.keys(COMMANDS));
    say(context, {
      code: "ERR_T4_USAGE",
      message: `There is no command ${JSON.stringify(name)}.`,
      hint: near === undefined ? "t4 --help lists the commands." : `Did you mean t4 ${near}?`,
    });
    return EXIT_CODES.ERR_T4_USAGE;
  }
  try {
    const work = command.parseAsync([...rest], { from: "user" });
    await (COMMANDS[name]?.onlyPrints === true ? unlessAborted(work, context.signal) : work);
    return 0;
  } catch (error) {
    return report(error, { context, command, say });
  }
}

/** Does not wait for work that may be left where it is. */
async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  await Promise.race([work, aborted]);
}

/** What is said on a terminal is cut at words, not where its lines happen to end. */
function wrapping(context: CliContext): CliContext {
  const err = (text: Shown): void => {
    const width = context.columns();
    context.err(width === undefined ? text : wrappedMessage(text, width));
  };
  return { ...context, err };
}

/** A command as commander knows it; `undefined` when there is none of that name. */
export async function loadCommand(name: string, context: CliContext): Promise<Command | undefined> {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found === undefined) return undefined;
  const command = new Command(`t4 ${name}`)
    .description(sentence(found.summary))
    .exitOverride()
    .showSuggestionAfterError();
  command.configureOutput({
    writeOut: (text) => context.out(shownLines(text)),
    // What is wrong with a command line is told as every other failure.
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.min(context.columns() ?? 80, WIDEST_HELP),
  });
  (await found.load()).define(command, context);
  return command;
}

function sentence(summary: string): string {
  return `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
}

/** A failure as it is told. */
interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly facts?: ErrorFacts;
}

type Say = (context: CliContext, told: Told) => void;

interface Reported {
  readonly context: CliContext;
  readonly command: Command;
  readonly say: Say;
}

async function report(error: unknown, { context, command, say }: Reported): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    const hint = `Usage: ${command.createHelp().commandUsage(command)}`;
    say(context, { code: "ERR_T4_USAGE", message, hint });
    return EXIT_CODES.ERR_T4_USAGE;
  }
  if (!isT4Error(error)) {
    // What else went wrong meanwhile, such as an unknown outcome, is said as ever.
    if (context.signal.aborted) {
      context.err(shown`Cancelled: nothing is left half-done, and the same command again goes on from there.\n`);
      return CANCELLED;
    }
    say(context, { code: "ERR_T4_IO", ...toldOfSystem(error) });
    return EXIT_CODES.ERR_T4_IO;
  }
  const { code, message, facts } = error;
  const { suggestion } = await import("./suggestion.js");
  const { withRegistry } = await import("./hint-registry.js");
  const hint = (await suggestion(error)) ?? error.hint;
  const load = (name: string): Promise<Command | undefined> => loadCommand(name, context);
  say(context, { code, message, hint: hint && (await withRegistry(hint, command, load)), facts });
  return EXIT_CODES[code];
}

/** What is said of a failure that nobody explained. */
function toldOfSystem(error: unknown): Pick<Told, "message" | "hint"> {
  if (!(error instanceof Error)) return { message: String(error) };
  if (!("syscall" in error)) return { message: error.message };
  if (error.syscall !== "uv_cwd") return { message: error.message, hint: SYSTEM_HINT };
  return { message: "The current directory is gone.", hint: "It was removed or unmounted: cd to one that is there." };
}

function tellJson({ err }: CliContext, { code, message, hint, facts = {} }: Told): void {
  err(json({ error: { code, message, hint, facts } }));
}

function tell({ err, paintErr, columns }: CliContext, { message, hint }: Told): void {
  const width = columns();
  const say = (style: Style, label: string, text: string): void => {
    // What a message quotes may have line ends of its own: only ours are sent.
    const whole = escaped(text);
    const lines =
      width === undefined
        ? whole
        : wrapped(whole, { width: Math.min(width, WIDEST_ERROR), used: label.length + 1, indent: "" });
    err(shown`${paintErr(style, label)} ${shownLines(lines)}\n`);
  };
  say("red", "error:", message);
  if (hint !== undefined) say("dim", "hint:", hint);
}
