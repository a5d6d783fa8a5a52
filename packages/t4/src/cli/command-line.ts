import { shellWord } from "t4";
import type { CliContext } from "./context.js";
import { shown } from "./shown.js";

/** A command line as it can be pasted into a shell; words that are `undefined` are left out. */
export function commandLine(...words: readonly (string | undefined)[]): string {
  return words
    .filter((word) => word !== undefined)
    .map(shellWord)
    .join(" ");
}

/** The words that name a registry to a command; none where the command finds it without. */
export function registryWords(location: string | undefined): readonly string[] {
  return location === undefined ? [] : ["--registry", location];
}

/** Whether a directory is the one in which the user stands, or above it: commands find that by themselves. */
export function isAround(directory: string): boolean {
  return /^(?:\.|\.\.(?:[\\/]\.\.)*)$/.test(directory);
}

/** A command for a directory that knows its package. */
export function inDirectory(directory: string, line: string): string {
  return isAround(directory) ? line : `${commandLine("cd", directory)} && ${line}`;
}

/** Suggests what to do next: a line that works as it is. */
export function suggestNext({ err, paintErr }: CliContext, line: string): void {
  err(shown`${paintErr("dim", "Next:")} ${line}\n`);
}
