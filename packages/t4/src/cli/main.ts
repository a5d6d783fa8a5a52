import { COMMANDS } from "./command-table.js";
import type { CliContext } from "./context.js";
import { type Shown, shown, shownLines } from "./shown.js";

/** The version of this package; filled in when the command is bundled. */
declare const T4_VERSION: string;

/** Runs one command line and resolves to its exit code. */
export async function main(argv: readonly string[], context: CliContext): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    context.out(overview());
    return 0;
  }
  if (name === "--version" || name === "-v" || name === "-V") {
    context.out(shown`${T4_VERSION}\n`);
    return 0;
  }
  const { runCommand } = await import("./run-command.js");
  return name === "help" ? runCommand([...rest, "--help"], context) : runCommand(argv, context);
}

function overview(): Shown {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return shown`Versioned data packages on any folder or bucket.

Usage: t4 <command> [arguments]

${shownLines(lines.join("\n"))}

A package is <author>/<package>; a revision of it <author>/<package>@<hash>,
<author>/<package>:<tag> or <author>/<package>@latest~1. A registry is a folder
or a bucket (s3://…). Try:

  t4 push alice/weather ./data ./registry -m "First version"
  t4 install alice/weather --registry ./registry --dest ./copy

In a directory that was installed or pushed, and below it, commands know its
package and registry: t4 status, t4 diff, t4 push -m "…", t4 show @latest~1.
t4 <command> --help shows a command's options and examples.
`;
}
