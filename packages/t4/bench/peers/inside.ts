import { dirname } from "node:path";

/** A command that runs a script in a directory, in which `program` and what lies beside it are found by name. */
export function inside(directory: string, program: string, script: string): readonly string[] {
  return ["sh", "-ec", `cd "$1"; PATH=$2:$PATH; ${script}`, "sh", directory, dirname(program)];
}
