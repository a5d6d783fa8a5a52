import { dirname, join } from "node:path";

/** The command that prints the version of a Python distribution beside a program of its environment. */
export function pythonVersion(program: string, distribution: string): readonly [command: string, ...args: string[]] {
  const code = "import sys; from importlib.metadata import version; print(sys.argv[1], version(sys.argv[1]))";
  return [join(dirname(program), "python"), "-c", code, distribution];
}
