import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { bytes, clean, counted, json } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExample:\n  t4 show alice/weather@latest~1 --registry ./registry")
    .action(async (reference: string, options: { registry?: string; json?: boolean }) => {
      const pkg = await Package.browse(reference, { registry: options.registry });
      const total = pkg.map((_, entry) => entry.size ?? 0).reduce((sum, size) => sum + size, 0);
      const facts = { topHash: pkg.topHash(), message: pkg.message, files: pkg.count, bytes: total, meta: pkg.meta };
      if (options.json === true) context.out(json(facts));
      else {
        context.out(`top hash  ${facts.topHash}\nmessage   ${clean(facts.message ?? "")}\n`);
        context.out(
          `content   ${counted(facts.files, "file")}, ${bytes(total)}\nmetadata  ${clean(json(facts.meta).trim())}\n`,
        );
      }
    });
};
