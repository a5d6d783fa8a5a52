import type { DefineCommand } from "../command.js";
import { entryAt, FILE_ARGUMENT, type FileOptions } from "../file-entry.js";
import { examples, JSON_OUTPUT, QUIET, REGISTRY, TRUST_BUCKET, wholeNumber } from "../options.js";
import { json, time } from "../render.js";
import { shown } from "../shown.js";

interface Options extends FileOptions {
  readonly expiresIn?: number;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(...FILE_ARGUMENT)
    .option("--expires-in <seconds>", "how long it holds, at most 604800, a week; default: 3600", wholeNumber(1))
    .option(...REGISTRY)
    .option(...TRUST_BUCKET)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 presign alice/weather/2024/jan.csv --registry s3://lab-data",
        "cd copy && t4 presign 2024/jan.csv --expires-in 86400",
      ),
    )
    .action(async (text: string, options: Options) => {
      const entry = await entryAt(text, options);
      const { url, expiresAt } = await entry.presign({ expiresInSeconds: options.expiresIn, signal: context.signal });
      if (options.json === true) {
        context.out(json({ url, expiresAt }));
        return;
      }
      context.out(shown`${url}\n`);
      if (options.quiet === true) return;
      context.err(shown`Whoever has this URL can read ${entry.logicalKey} until ${time(expiresAt)}.\n`);
    });
};
