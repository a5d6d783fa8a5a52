import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, counted, json } from "../render.js";
import { shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[reference]", "<author>/<package>[@<revision>]; default: what the directory stands on")
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 show alice/weather@latest~1 --registry ./registry", "cd copy && t4 show"))
    .action(async (reference: string | undefined, options: CommonOptions) => {
      const target = await targetOf(reference, options);
      const pkg = await Package.browse(referenceTo(target), { registry: target.registry });
      let total = 0;
      for (const [, { size = 0 }] of pkg.walk()) total += size;
      const facts = { topHash: pkg.topHash(), message: pkg.message, files: pkg.count, bytes: total, meta: pkg.meta };
      if (options.json === true) context.out(json(facts));
      else {
        context.out(shown`top hash  ${facts.topHash}\nmessage   ${facts.message ?? ""}\n`);
        context.out(shown`content   ${counted(facts.files, "file")}, ${bytes(total)}\n`);
        context.out(shown`metadata  ${json(facts.meta)}`);
      }
    });
};
