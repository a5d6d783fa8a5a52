import type { Row } from "t4";
import type { DefineCommand } from "../command.js";
import { entryAt, FILE_ARGUMENT, type FileOptions } from "../file-entry.js";
import { ALLOW_LOCAL, examples, JSON_OUTPUT, REGISTRY, TRUST_BUCKET } from "../options.js";
import { table } from "../render.js";
import { AS_TEXT, COLUMNS, LIMIT, type RowOptions, selectionOf } from "../row-options.js";
import { cellText, jsonOf } from "../row-text.js";
import { shown } from "../shown.js";

const ROWS = 10;

export const define: DefineCommand = (command, context) => {
  command
    .argument(...FILE_ARGUMENT)
    .option(...LIMIT, ROWS)
    .option(...COLUMNS)
    .option(...AS_TEXT)
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples("t4 head alice/weather/2024/jan.csv", "cd copy && t4 head 2024/jan.csv -n 3 --columns city celsius"),
    )
    .action(async (text: string, options: FileOptions & RowOptions) => {
      const entry = await entryAt(text, options);
      const rows: Row[] = [];
      for await (const row of entry.rows(selectionOf(options))) rows.push(row);
      if (options.json === true) {
        context.out(shown`${jsonOf(rows)}\n`);
        return;
      }
      const names = options.columns ?? (rows.length > 0 ? namesOf(rows) : await columnsOf(entry));
      const header = names.map((name) => context.paintOut("bold", name));
      context.out(await table([header, ...rows.map((row) => names.map((name) => cellText(row[name] ?? null)))]));
    });
};

/** Rows of JSON need not have the same columns. */
function namesOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

async function columnsOf(entry: Awaited<ReturnType<typeof entryAt>>): Promise<string[]> {
  return (await entry.schema()).columns.map(({ name }) => name);
}
