import { Package, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, REGISTRY } from "../options.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]/<file>")
    .option(...REGISTRY)
    .addHelpText("after", examples("t4 cat alice/weather/readme.md --registry ./registry"))
    .action(async (text: string, { registry }: CommonOptions) => {
      const { path } = parseReference(text);
      if (path === undefined) {
        throw new T4Error("ERR_T4_USAGE", `${text} names no file.`, {
          hint: "Add its path: <author>/<package>/<file>.",
        });
      }
      const pkg = await Package.browse(text, { registry });
      for await (const chunk of pkg.entry(path).stream()) await context.outBytes(chunk);
    });
};
