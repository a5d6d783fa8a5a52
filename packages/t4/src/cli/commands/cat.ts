import { Package, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";

export const define: DefineCommand = (command) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]/<file>")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .addHelpText("after", "\nExample:\n  t4 cat alice/weather/readme.md --registry ./registry")
    .action(async (text: string, options: { registry?: string }) => {
      const { path } = parseReference(text);
      if (path === undefined)
        throw new T4Error("ERR_T4_USAGE", `${text} names no file.`, {
          hint: "Add its path: <author>/<package>/<file>.",
        });
      const pkg = await Package.browse(text, { registry: options.registry });
      for await (const chunk of pkg.entry(path).stream()) {
        if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
    });
};
