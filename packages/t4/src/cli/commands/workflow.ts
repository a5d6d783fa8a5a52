import { openRegistry, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, REGISTRY, unknownWord } from "../options.js";
import { shown, shownLines } from "../shown.js";
import { registryOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<action>", "init: write a commented example of a workflow configuration")
    .argument("[registry]", REGISTRY[1])
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 workflow init ./registry"))
    .action(async (action: string, location: string | undefined, { dryRun }: CommonOptions) => {
      if (action !== "init") throw unknownWord("action", action, ["init"]);
      const { url, text } = await (await openRegistry(await registryOf(location))).initWorkflows({ dryRun });
      if (dryRun === true) context.out(shownLines(text));
      context.err(
        dryRun === true
          ? shown`Would be written to ${pathOrUrl(url)}. Nothing was changed.\n`
          : shown`Wrote ${pathOrUrl(url)}. Edit it; t4 push --workflow <id> then publishes under one of its workflows.\n`,
      );
    });
};
