import { openLock } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import { placeFromHere } from "../here.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { json, short } from "../render.js";
import { shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

interface Options extends CommonOptions {
  readonly dest?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]; without a revision, the latest")
    .option(...REGISTRY)
    .option(
      "--dest <directory>",
      "the directory that t4 install --locked fills; default: the one pinned before, or none",
    )
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText(
      "after",
      examples(
        "t4 add alice/weather --registry ./registry",
        "t4 add alice/weather@latest~1 --registry ./registry --dest ./weather",
      ),
    )
    .action(async (text: string, { registry: option, dest, dryRun = false, ...options }: Options) => {
      const target = await targetOf(text, { registry: option });
      const lock = await openLock();
      const isPinned = (await lock.pins()).some(({ name }) => name === target.name);
      // A pin stays with its registry until another one is named.
      const registry = isPinned ? target.named : target.registry;
      const pin = await lock.add(referenceTo(target), { ...(registry && { registry }), ...(dest && { dest }), dryRun });
      if (options.json === true) context.out(json(pin));
      else if (options.quiet !== true) {
        const done = dryRun ? "Would pin" : "Pinned";
        context.err(shown`${done} ${pin.name} to ${short(pin.topHash)} in ${placeFromHere(lock.path)}.\n`);
        const next = pin.dest === undefined ? commandLine("t4", "types", pin.name) : "t4 install --locked";
        if (!dryRun) suggestNext(context, next);
      }
    });
};
