import { openLock } from "t4";
import type { DefineCommand } from "../command.js";
import { suggestNext } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET } from "../options.js";
import { json, short } from "../render.js";
import { shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package...]", "<author>/<package>; default: all that are pinned")
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText("after", examples("t4 update", "t4 update alice/weather --dry-run"))
    .action(async (names: readonly string[], { dryRun = false, quiet = false, ...options }: CommonOptions) => {
      const lock = await openLock();
      const moved = await lock.update(names.length === 0 ? undefined : names, { dryRun });
      if (options.json === true) context.out(json(moved));
      if (options.json === true || quiet) return;
      for (const { name, topHash, latest } of moved)
        context.err(shown`${name}: ${short(topHash)} -> ${short(latest)}\n`);
      if (moved.length === 0) context.err(shown`Every pinned package stands on its latest revision.\n`);
      else if (dryRun) context.err(shown`Nothing was changed.\n`);
      else if ((await lock.pins()).some(({ dest }) => dest !== undefined)) suggestNext(context, "t4 install --locked");
    });
};
