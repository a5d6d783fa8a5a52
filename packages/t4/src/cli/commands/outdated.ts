import { openLock } from "t4";
import type { DefineCommand } from "../command.js";
import { suggestNext } from "../command-line.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { json, short, table } from "../render.js";
import { shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 outdated", "t4 outdated --json"))
    .action(async (options: CommonOptions) => {
      const outdated = await (await openLock()).outdated();
      if (options.json === true) {
        context.out(json(outdated));
        return;
      }
      context.out(await table(outdated.map(({ name, topHash, latest }) => [name, short(topHash), short(latest)])));
      if (outdated.length === 0) context.err(shown`Every pinned package stands on its latest revision.\n`);
      else suggestNext(context, "t4 update");
    });
};
