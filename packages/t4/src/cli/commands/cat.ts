import { type PackageEntry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import type { CliContext } from "../context.js";
import { entryAt, FILE_ARGUMENT, type FileOptions } from "../file-entry.js";
import { ALLOW_LOCAL, examples, REGISTRY, TRUST_BUCKET } from "../options.js";
import { AS_TEXT, COLUMNS, LIMIT, type RowOptions, selectionOf } from "../row-options.js";
import { rowLine } from "../row-text.js";
import { shownText } from "../shown.js";

interface Options extends FileOptions, RowOptions {
  readonly rows?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(...FILE_ARGUMENT)
    .option("--rows", "the rows of a table, each a line of JSON")
    .option(...COLUMNS)
    .option(...LIMIT)
    .option(...AS_TEXT)
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .addHelpText(
      "after",
      examples(
        "t4 cat alice/weather/readme.md --registry ./registry",
        "cd copy && t4 cat readme.md",
        "cd copy && t4 cat 2024/jan.csv --rows --columns city",
      ),
    )
    .action(async (text: string, options: Options) => {
      requireRows(options);
      const entry = await entryAt(text, options);
      if (options.rows === true) {
        await printRows(context, entry, options);
        return;
      }
      const chunks = entry.stream();
      if (context.isOutTerminal())
        await printText(context, chunks, commandLine("t4", "cat", text, ...registryWords(options.registry)));
      else for await (const chunk of chunks) await context.outBytes(chunk);
    });
};

/** Without `--rows` a file is printed as it is. */
function requireRows({ rows, columns, limit, text }: Options): void {
  if (rows === true || (columns === undefined && limit === undefined && text === undefined)) return;
  throw new T4Error("ERR_T4_USAGE", "Which columns and rows are printed can be said of a table only.", {
    hint: "Add --rows.",
  });
}

async function printRows(context: CliContext, entry: PackageEntry, options: Options): Promise<void> {
  const encoder = new TextEncoder();
  for await (const row of entry.rows(selectionOf(options))) await context.outBytes(encoder.encode(rowLine(row).shown));
}

/** A terminal gets text, with what it would obey made visible; bytes are for files and pipes. */
async function printText(context: CliContext, chunks: AsyncIterable<Uint8Array>, line: string): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    if (chunk.includes(0)) {
      throw new T4Error("ERR_T4_USAGE", "This file is not text: it is not printed on a terminal.", {
        hint: `${line} > file writes it to a file.`,
      });
    }
    context.out(shownText(decoder.decode(chunk, { stream: true })));
  }
  context.out(shownText(decoder.decode()));
}
