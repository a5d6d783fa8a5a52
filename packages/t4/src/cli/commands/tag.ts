import { openRegistry, parseReference } from "t4";
import type { DefineCommand } from "../command.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<tag>", "the name")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("-d, --delete", "take the tag away")
    .addHelpText("after", "\nExample:\n  t4 tag alice/weather@latest~1 stable --registry ./registry")
    .action(async (text: string, tag: string, options: { registry?: string; delete?: boolean }) => {
      const { name, revision } = parseReference(text);
      const registry = await openRegistry(options.registry);
      if (options.delete === true) await registry.untag(name, tag);
      else await registry.tag(name, tag, revision);
      context.err(
        options.delete === true
          ? `Took ${tag} away from ${name}.\n`
          : `${name}:${tag} is ${await registry.resolve(name, tag)}.\n`,
      );
    });
};
