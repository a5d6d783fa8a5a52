import { search } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords, suggestNext } from "../command-line.js";
import { CACHED, LIMIT, tellReading } from "../index-options.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { count, json, short, table } from "../render.js";
import { joined, shown } from "../shown.js";
import { registryOf } from "../target.js";

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
