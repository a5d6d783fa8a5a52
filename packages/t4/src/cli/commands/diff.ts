import { T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { changeLines, changeSummary, comparisonJson, isEqual, partOf } from "../comparison.js";
import {
  ALLOW_LOCAL,
  type CommonOptions,
  examples,
  JSON_OUTPUT,
  REGISTRY,
  TRUST_BUCKET,
  type TrustOptions,
  trusted,
} from "../options.js";
import { shown } from "../shown.js";

interface Options extends CommonOptions, TrustOptions {
  readonly text?: boolean;
  readonly rows?: boolean;
  readonly key?: string[];
}

export const define: DefineCommand = (command, context) => {
  command
    .usage("[options] [from [to]] [path...]")
    .argument(
      "[word...]",
      "revisions, then paths: two revisions are compared; one alone with the package's latest, or written as @revision with the directory; without any the directory around you, or the one that is the first path, with the revision that it stands on; of paths, also the content of text files is shown",
    )
    .option("--text", "the content of all text files that differ, line by line")
    .option("--rows", "the rows of all tables that differ; with --json a line for each")
    .option("--key <columns...>", "the columns that tell rows apart; default: a row is the same or not")
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 diff alice/weather@latest~1 --registry ./registry",
        "cd copy && t4 diff",
        "t4 diff ./copy",
        "cd copy && t4 diff readme.md",
        "cd copy && t4 diff @latest~1",
        "cd copy && t4 diff @latest~1 @latest --text",
        "cd copy && t4 diff 2024/jan.csv --rows --key id",
      ),
    )
    .action(async (words: string[], { registry, json, text, rows, key, ...options }: Options) => {
      if (key !== undefined && rows !== true)
        throw new T4Error("ERR_T4_USAGE", "A key tells rows apart.", { hint: "Add --rows." });
      const { compared } = await import("../diff-words.js");
      const wanted = { registry, ...trusted(options), signal: context.signal };
      const { comparison: whole, nameOf, paths } = await compared(words, wanted);
      if (rows === true) {
        const { printRowDiff } = await import("../row-diff.js");
        await printRowDiff(context, whole, { key, paths, json: json === true, nameOf });
        return;
      }
      const comparison = paths.length === 0 ? whole : partOf(whole, paths);
      if (json === true) {
        context.out(shown`${comparisonJson(comparison)}\n`);
        return;
      }
      const style = { paint: context.paintOut, nameOf };
      if (text === true || paths.length > 0) {
        const { textChanges } = await import("../text-diff.js");
        for await (const change of textChanges(comparison, { ...style, isTerminal: context.isOutTerminal() }))
          context.out(change);
      } else context.out(await changeLines(comparison, style));
      context.err(isEqual(comparison) ? shown`Nothing differs.\n` : shown`${changeSummary(comparison)}.\n`);
    });
};
