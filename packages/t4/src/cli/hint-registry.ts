import type { Command } from "commander";
import { commandLine, registryWords } from "./command-line.js";

type Load = (name: string) => Promise<Command | undefined>;

/**
 * A hint whose commands look where the failed one looked: each that takes a registry gets the one that was named, behind its
 * name, where it does not name one itself.
 */
export async function withRegistry(hint: string, failed: Command, load: Load): Promise<string> {
  const named = registryNamed(failed);
  if (named === undefined) return hint;
  const told: string[] = [];
  // A part begins where a command does.
  for (const part of hint.split(/\b(?=t4 [a-z])/)) {
    const name = /^t4 ([a-z]+)/.exec(part)?.[1];
    const command = name === undefined || namesOne(part, named) ? undefined : await load(name);
    const words = command === undefined ? [] : wordsFor(command, named);
    told.push(words.length === 0 ? part : part.replace(/^t4 [a-z]+/, (start) => `${start} ${commandLine(...words)}`));
  }
  return told.join("");
}

function namesOne(part: string, named: string): boolean {
  return /--registry|<registry>/.test(part) || part.includes(commandLine(named));
}

/** The registry that a command line named; `undefined` where the command found it by itself. */
function registryNamed(command: Command): string | undefined {
  const { registry } = command.opts<{ readonly registry?: string }>();
  return registry ?? (command.processedArgs as readonly (string | undefined)[])[placeOf(command)];
}

/** Which of a command's arguments is a registry; -1 for none. */
function placeOf({ registeredArguments }: Command): number {
  return registeredArguments.findIndex((argument) => argument.name() === "registry");
}

/** How a command is told a registry; not at all where it takes none. */
function wordsFor(command: Command, named: string): readonly string[] {
  if (command.options.some(({ long }) => long === "--registry")) return registryWords(named);
  return placeOf(command) === 0 ? [named] : [];
}
