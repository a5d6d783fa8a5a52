import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, clean, counted, json } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 show alice/weather@latest~1 --registry ./registry"))
    .action(async (reference: string, { registry, json: isJson }: CommonOptions) => {
      const pkg = await Package.browse(reference, { registry });
      let total = 0;
      for (const [, { size = 0 }] of pkg.walk()) total += size;
      const facts = { topHash: pkg.topHash(), message: pkg.message, files: pkg.count, bytes: total, meta: pkg.meta };
      if (isJson === true) context.out(json(facts));
      else {
        context.out(`top hash  ${facts.topHash}\nmessage   ${clean(facts.message ?? "")}\n`);
        context.out(`content   ${counted(facts.files, "file")}, ${bytes(total)}\n`);
        context.out(`metadata  ${clean(json(facts.meta).trim())}\n`);
      }
    });
};
