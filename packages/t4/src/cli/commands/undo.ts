import { openRegistry, parseReference } from "t4";
import type { DefineCommand } from "../command.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<package>", "<author>/<package>")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .addHelpText("after", "\nExample:\n  t4 undo alice/weather --registry ./registry")
    .action(async (text: string, options: { registry?: string }) => {
      const { name } = parseReference(text);
      const operation = await (await openRegistry(options.registry)).undo(name);
      context.err(`Took back: ${operation.kind}. The same command again does it once more.\n`);
    });
};
