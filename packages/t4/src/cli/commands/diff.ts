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
}

export const define: DefineCommand = (command, context) => {
  command
    .usage("[options] [from [to]] [path...]")
    .argument(
      "[word...]",
      "revisions, then paths: two revisions are compared; one alone with the package's latest, or written as @revision with the directory; without any the directory with the revision that it stands on; of paths, also the content of text files is shown",
    )
    .option("--text", "the content of all text files that differ, line by line")
    .option(...REGISTRY)
    .option(...ALLOW_LOCAL)
    .option(...TRUST_BUCKET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples(
        "t4 diff alice/weather@latest~1 --registry ./registry",
        "cd copy && t4 diff",
        "cd copy && t4 diff readme.md",
        "cd copy && t4 diff @latest~1",
        "cd copy && t4 diff @latest~1 @latest --text",
      ),
    )
    .action(async (words: string[], { registry, json, text, ...options }: Options) => {
      const { compared } = await import("../diff-words.js");
      const {
        comparison: whole,
        nameOf,
        paths,
      } = await compared(words, {
        registry,
        ...trusted(options),
        signal: context.signal,
      });
      const comparison = paths.length === 0 ? whole : partOf(whole, paths);
      if (json === true) {
        context.out(shown`${comparisonJson(comparison)}\n`);
        return;
      }
      const style = { paint: context.paintOut, nameOf };
      if (text === true || paths.length > 0) {
        const { textChanges } = await import("../text-diff.js");
        for await (const change of textChanges(comparison, style)) context.out(change);
      } else context.out(await changeLines(comparison, style));
      context.err(isEqual(comparison) ? shown`Nothing differs.\n` : shown`${changeSummary(comparison)}.\n`);
    });
};
