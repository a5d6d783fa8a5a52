import { openRegistry, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json } from "../render.js";
import { joined, shown } from "../shown.js";
import { registryOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", REGISTRY[1])
    .option(REGISTRY[0], "the same as the argument")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 list ./registry"))
    .action(async (location: string | undefined, options: CommonOptions) => {
      const registry = await openRegistry(await registryOf(location ?? options.registry));
      const names: string[] = [];
      for await (const name of registry.packages()) names.push(name);
      context.out(options.json === true ? json(names) : joined(names.map((name) => shown`${name}\n`)));
      if (names.length === 0 && options.json !== true)
        context.err(shown`There are no packages in ${pathOrUrl(registry.url)}.\n`);
    });
};
