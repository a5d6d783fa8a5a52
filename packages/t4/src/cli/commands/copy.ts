import { Package, parseReference } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, QUIET } from "../options.js";
import { progressLine } from "../progress.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>]")
    .argument("<from>", "the registry that has it")
    .argument("<to>", "the registry that gets it")
    .option("-f, --force", "put it on top of whatever is latest there")
    .option(...DRY_RUN)
    .option(...QUIET)
    .addHelpText("after", examples("t4 copy alice/weather ./registry /mnt/team/registry"))
    .action(
      async (reference: string, from: string, to: string, options: CommonOptions & { readonly force?: boolean }) => {
        const { force, dryRun, quiet } = options;
        const { name } = parseReference(reference);
        const pkg = await Package.browse(reference, { registry: from });
        const { message } = pkg;
        const line = progressLine(context, quiet);
        const { signal } = context;
        const topHash = await pkg.push(name, to, { message, force, dryRun, signal, onProgress: line.onProgress });
        line.clear();
        context.out(`${topHash}\n`);
        if (quiet !== true)
          context.err(dryRun === true ? "Nothing was copied.\n" : `Copied. Next: t4 log ${name} --registry ${to}\n`);
      },
    );
};
