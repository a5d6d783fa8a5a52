import { openRegistry, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>@<revision>")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("--dry-run", "only say what would happen")
    .addHelpText("after", "\nExample:\n  t4 rollback alice/weather@latest~1 --registry ./registry")
    .action(async (text: string, options: { registry?: string; dryRun?: boolean }) => {
      const { name, revision } = parseReference(text);
      if (revision === undefined)
        throw new T4Error("ERR_T4_USAGE", "Name the revision to go back to.", { hint: `t4 rollback ${name}@latest~1` });
      const registry = await openRegistry(options.registry);
      const topHash = await registry.resolve(name, revision);
      if (options.dryRun !== true) await registry.rollback(name, topHash);
      context.out(`${topHash}\n`);
      context.err(
        options.dryRun === true
          ? "Would become the latest revision.\n"
          : `Latest now. t4 undo ${name} takes this back.\n`,
      );
    });
};
