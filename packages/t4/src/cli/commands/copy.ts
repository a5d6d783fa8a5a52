import { Package, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import { progressLine } from "../progress.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<from>", "the registry that has it")
    .argument("<to>", "the registry that gets it")
    .option("-f, --force", "put it on top of whatever is latest there")
    .addHelpText("after", "\nExample:\n  t4 copy alice/weather ./registry /mnt/team/registry")
    .action(async (reference: string, from: string, to: string, options: { force?: boolean }) => {
      const { name } = parseReference(reference);
      const pkg = await Package.browse(reference, { registry: from });
      const line = progressLine(context, false);
      const topHash = await pkg.push(name, to, {
        message: pkg.message,
        force: options.force === true,
        signal: context.signal,
        onProgress: line.onProgress,
      });
      line.clear();
      context.out(`${topHash}\n`);
    });
};
