import { type SqlResult, type SqlRow, sql } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY, TRUST_BUCKET } from "../options.js";
import { withProgress } from "../progress.js";
import { table } from "../render.js";
import { replaceFile } from "../replace-file.js";
import { type ResultFormat, resultTexts } from "../result-text.js";
import { cellText } from "../row-text.js";
import { type Shown, shown, shownText } from "../shown.js";
import { registryOf } from "../target.js";

interface Options extends CommonOptions {
  readonly csv?: boolean;
  readonly output?: string;
  readonly history?: boolean;
  readonly allowLocal?: string[];
  readonly trustBucket?: string[];
}

/** More rows than that are not read on a terminal, and each has to be in memory for the widths of the columns. */
const SHOWN_ROWS = 1000;
/** So much text is written at once. */
const WRITTEN_CHARACTERS = 1 << 16;

export const define: DefineCommand = (command, context) => {
  command
    .argument("<statement>", "one statement that reads; tables are '<author>/<package>[@<revision>]/<file>'")
    .option(...REGISTRY)
    .option("--history", "t4.entries and t4.metadata are of all revisions, not only of the latest ones")
    .option("--csv", "print CSV, as is done wherever the output is no terminal")
    .option(...JSON_OUTPUT)
    .option("--output <file>", "write to a file, which is replaced when all is there: CSV, or JSON for .json")
    .option("--allow-local <directory...>", "directories outside the registry that packages may point into")
    .option(...TRUST_BUCKET)
    .option(...QUIET)
    .addHelpText(
      "after",
      examples(
        `cd copy && t4 sql "select city from 'alice/weather/2024/jan.csv'"`,
        `t4 sql "select author, sum(size) as bytes from t4.packages group by author"`,
        `cd copy && t4 sql "describe 'alice/weather@latest~1/2024/jan.csv'"`,
      ),
    )
    .action((statement: string, options: Options) => run(context, statement, options));
};

async function run(context: CliContext, statement: string, options: Options): Promise<void> {
  const { allowLocal, trustBucket: trustBuckets, history, output, quiet } = options;
  const registry = await registryOf(options.registry);
  const { signal } = context;
  const result = await withProgress(context, quiet, (onProgress) =>
    sql(statement, { registry, allowLocal, trustBuckets, history, signal, onProgress }),
  );
  const format = formatOf(options);
  try {
    if (output !== undefined) await replaceFile(output, batched(resultTexts(result, format ?? "csv")));
    else if (format !== undefined || !context.isOutTerminal()) await print(context, result, format ?? "csv");
    else await printTable(context, result);
  } finally {
    await result.close();
  }
}

/** `undefined`: nothing was said. */
function formatOf({ csv, json, output }: Options): ResultFormat | undefined {
  if (json === true) return "json";
  if (csv === true) return "csv";
  return output !== undefined && /\.json$/i.test(output) ? "json" : undefined;
}

async function print(context: CliContext, result: SqlResult, format: ResultFormat): Promise<void> {
  for await (const text of batched(resultTexts(result, format))) {
    if (context.isOutTerminal()) context.out(shownText(text));
    else await context.outBytes(Buffer.from(text));
  }
}

/** Few large pieces in place of many small ones. */
async function* batched(texts: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let batch = "";
  for await (const text of texts) {
    batch += text;
    if (batch.length < WRITTEN_CHARACTERS) continue;
    yield batch;
    batch = "";
  }
  yield batch;
}

async function printTable(context: CliContext, result: SqlResult): Promise<void> {
  const names = result.columns.map(({ name }) => name);
  const rows: (string | Shown)[][] = [names.map((name) => context.paintOut("bold", name))];
  for await (const row of result) {
    if (rows.length > SHOWN_ROWS) break;
    rows.push(names.map((name) => cell(context, row, name)));
  }
  context.out(await table(rows));
  if (rows.length > SHOWN_ROWS)
    context.err(shown`These are the first ${SHOWN_ROWS.toLocaleString("en-US")} rows. --csv and --json print all.\n`);
}

function cell(context: CliContext, row: SqlRow, name: string): string | Shown {
  const value = row[name] ?? null;
  return value === null ? context.paintOut("dim", "null") : cellText(value);
}
