import { listPackages } from "t4";
import type { DefineCommand } from "../command.js";
import { json } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", "the registry; default: your configured or local one")
    .option("--json", "one JSON array")
    .addHelpText("after", "\nExample:\n  t4 list ./registry")
    .action(async (registry: string | undefined, options: { json?: boolean }) => {
      const names: string[] = [];
      for await (const name of listPackages(registry)) names.push(name);
      context.out(options.json === true ? json(names) : names.map((name) => `${name}\n`).join(""));
    });
};
