import { listPackages } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { json } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", "the registry; default: your configured or local one")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 list ./registry"))
    .action(async (registry: string | undefined, options: CommonOptions) => {
      const names: string[] = [];
      for await (const name of listPackages(registry)) names.push(name);
      context.out(options.json === true ? json(names) : names.map((name) => `${name}\n`).join(""));
    });
};
