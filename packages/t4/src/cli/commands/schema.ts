import type { DefineCommand } from "../command.js";
import { entryAt, FILE_ARGUMENT, type FileOptions } from "../file-entry.js";
import { ALLOW_LOCAL, examples, JSON_OUTPUT, REGISTRY, TRUST_BUCKET } from "../options.js";
import { counted, json, table } from "../render.js";
import { shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument(...FILE_ARGUMENT)
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 schema alice/weather/2024/jan.csv", "cd copy && t4 schema 2024/jan.csv"))
    .action(async (text: string, options: FileOptions) => {
      const { columns, rowCount } = await (await entryAt(text, options)).schema();
      if (options.json === true) {
        context.out(json({ columns, rowCount }));
        return;
      }
      context.out(await table(columns.map(({ name, type }) => [name, type])));
      const rows = rowCount === undefined ? "" : `, ${counted(rowCount, "row")}`;
      context.err(shown`${counted(columns.length, "column")}${rows}.\n`);
    });
};
