import { openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples } from "../options.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<action>", "init: write a commented example of a workflow configuration")
    .argument("[registry]", "the registry; default: your configured or local one")
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 workflow init ./registry"))
    .action(async (action: string, location: string | undefined, { dryRun }: CommonOptions) => {
      if (action !== "init")
        throw new T4Error("ERR_T4_USAGE", `Unknown action ${action}.`, { hint: "Use t4 workflow init." });
      const { url, text } = await (await openRegistry(location)).initWorkflows({ dryRun });
      if (dryRun === true) context.out(text);
      context.err(
        dryRun === true
          ? `Would be written to ${url}. Nothing was changed.\n`
          : `Wrote ${url}. Next: edit it; t4 push --workflow <id> publishes under one of its workflows.\n`,
      );
    });
};
