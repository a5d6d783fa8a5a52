import { type Operation, openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json, pointerName, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { packageOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .option(...REGISTRY)
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 undo alice/weather --registry ./registry"))
    .action(async (text: string | undefined, options: CommonOptions) => {
      const { name, registry: location, named } = await packageOf(text, options);
      const operation = await (await openRegistry(location)).undo(name, { dryRun: options.dryRun });
      if (options.json === true) {
        context.out(json(operation));
        return;
      }
      const isDone = options.dryRun !== true;
      context.err(
        shown`${isDone ? "Undid" : "Would undo"}: ${operation.kind} of ${name}.\n${standing(operation, isDone)}`,
      );
      if (!isDone) return;
      const again = commandLine("t4", "undo", name, ...registryWords(named));
      context.err(shown`${again} does it again.\n`);
    });
};

/** Where the pointers stand once the operation is taken back. */
function standing({ changes }: Operation, isDone: boolean): Shown {
  return joined(
    changes.map(({ pointer, before }) => {
      const name = pointerName(pointer);
      if (before === null) return shown`${name} ${isDone ? "is" : "would be"} gone.\n`;
      return shown`${name} ${isDone ? "is" : "would be"} ${short(before)}${isDone ? " again" : ""}.\n`;
    }),
  );
}
