import type { Command, Option } from "commander";
import { isT4Error, openRegistry } from "t4";
import { COMMANDS } from "./command-table.js";
import type { CliContext } from "./context.js";
import { SETTINGS } from "./settings.js";
import { registryOf } from "./target.js";

/** A word that could stand at the cursor. */
export interface Candidate {
  readonly word: string;
  /** What it is; may be empty. */
  readonly summary: string;
}

/** What stands on the line before the cursor. */
interface Line {
  /** Arguments, without options and their values. */
  readonly before: readonly string[];
  /** The option whose value the cursor is in. */
  readonly option: Option | undefined;
  /** The value of `--registry`. */
  readonly registry: string | undefined;
}

/** Arguments that are one of a few words, by command and place. */
const WORDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  help: [Object.keys(COMMANDS)],
  config: [["get", "set", "unset"], Object.keys(SETTINGS)],
  completion: [["bash", "zsh", "fish"]],
  workflow: [["init"]],
};
/** Arguments that name a package. */
const NAMES: ReadonlySet<string> = new Set(["package", "reference", "word"]);

/** What fits at the end of a line: its words without `t4`, the last one being written. Nothing where files are expected. */
export async function candidates(raw: readonly string[], context: CliContext): Promise<readonly Candidate[]> {
  const words = together(raw);
  const current = words.at(-1) ?? "";
  const [name = ""] = words;
  const found = words.length < 2 ? verbs() : await argumentsOf(name, words.slice(1), context);
  // A word that the shell cut into pieces cannot be completed as a whole.
  return raw.at(-1) === current ? found.filter(({ word }) => word.startsWith(current)) : [];
}

function verbs(): Candidate[] {
  const all = Object.entries(COMMANDS).map(([word, { summary }]) => ({ word, summary }));
  return [...all, { word: "help", summary: "show the help of a command" }];
}

async function argumentsOf(name: string, words: readonly string[], context: CliContext): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? "";
  const { loadCommand } = await import("./run-command.js");
  const command = await loadCommand(name, context);
  const { before, option, registry } = read(words.slice(0, -1), command);
  if (option !== undefined) return plain(option.argChoices ?? []);
  if (current.startsWith("-")) return command === undefined ? [] : flags(command);
  const few = WORDS[name]?.[before.length];
  return plain(few ?? (takesName(command, before.length) ? await packages(registry) : []));
}

function takesName(command: Command | undefined, place: number): boolean {
  const all = command?.registeredArguments ?? [];
  const argument = all[place] ?? all.findLast(({ variadic }) => variadic);
  return argument !== undefined && NAMES.has(argument.name());
}

function flags(command: Command): Candidate[] {
  const options = command.options.map(({ long, description }) => ({ word: long ?? "", summary: description }));
  return [...options, { word: "--help", summary: "display help for command" }];
}

function read(words: readonly string[], command: Command | undefined): Line {
  const before: string[] = [];
  let option: Option | undefined;
  let registry: string | undefined;
  for (const word of words) {
    if (option !== undefined) {
      if (option.long === "--registry") registry = word;
      option = undefined;
    } else if (word.startsWith("-")) {
      const known = command?.options.find(({ long, short }) => word === long || word === short);
      if (known?.required === true) option = known;
    } else before.push(word);
  }
  return { before, option, registry };
}

/** Names of a registry's packages, in which nothing is that a shell obeys; none where it cannot be read. */
async function packages(named: string | undefined): Promise<string[]> {
  const names: string[] = [];
  try {
    const registry = await openRegistry(await registryOf(named));
    for await (const name of registry.packages()) names.push(name);
  } catch (error) {
    if (!isT4Error(error)) throw error;
  }
  return names;
}

function plain(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, summary: "" }));
}

/** The words as they were written: bash cuts them at `=`, `:` and `@`, and leaves quotes in them. */
function together(raw: readonly string[]): readonly string[] {
  const words: string[] = [];
  let isOpen = false;
  for (const piece of raw) {
    if (piece === "=") continue;
    const isGlue = /^[:@]+$/.test(piece) && words.length > 0;
    const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(piece) ?? [];
    if (isGlue || isOpen) words.push(`${words.pop() ?? ""}${piece}`);
    else if (option !== undefined && value !== undefined) words.push(option, value);
    else words.push(piece.replaceAll(/["'\\]/g, ""));
    isOpen = isGlue;
  }
  return words;
}
