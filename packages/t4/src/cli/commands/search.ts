import { search } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords, suggestNext } from "../command-line.js";
import type { CliContext } from "../context.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY, wholeNumber } from "../options.js";
import { count, counted, json, short, table } from "../render.js";
import { joined, shown } from "../shown.js";
import { registryOf } from "../target.js";

/** What searching and finding have in common. */
export const CACHED = ["--cached", "answer from the index as it is, without looking for new revisions"] as const;
export const LIMIT = ["--limit <number>", "so many packages at most", wholeNumber(1), 20] as const;

/** Says why the answer takes a while. */
export function tellReading({ err }: CliContext, quiet: boolean): (packages: number) => void {
  return (packages) => {
    if (!quiet) err(shown`Reading ${counted(packages, "new or changed package")} ...\n`);
  };
}

interface Options extends CommonOptions {
  readonly cached?: boolean;
  readonly limit: number;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<word...>", "words in names, messages, metadata, paths, column names and READMEs; all must be found")
    .option(...REGISTRY)
    .option(...LIMIT)
    .option(...CACHED)
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText("after", examples("t4 search weather oslo --registry ./registry", "t4 search celsius --json"))
    .action(async (words: readonly string[], { cached = false, limit, quiet = false, ...options }: Options) => {
      const registry = await registryOf(options.registry);
      const { signal } = context;
      const onUpdate = tellReading(context, quiet);
      const answer = await search(words.join(" "), { ...(registry && { registry }), cached, limit, onUpdate, signal });
      if (options.json === true) {
        context.out(json(answer));
        return;
      }
      for (const [word, meant] of Object.entries(answer.corrected))
        if (!quiet)
          context.err(shown`${context.paintErr("dim", "note:")} no ${word}; looked for ${meant.join(", ")}.\n`);
      const { results } = answer;
      for (const { name, topHash, message, keys, moreKeys } of results) {
        const [first = ""] = message.split("\n", 1);
        context.out(await table([[context.paintOut("bold", name), short(topHash), first]]));
        context.out(joined(keys.map((key) => shown`  ${key}\n`)));
        if (moreKeys > 0) context.out(shown`  and ${count(moreKeys)} more\n`);
      }
      const [best] = results;
      if (quiet) return;
      if (best === undefined) context.err(shown`No package has all of these words.\n`);
      else suggestNext(context, commandLine("t4", "show", best.name, ...registryWords(options.registry)));
    });
};
