import { openRegistry, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { isRegistry } from "../here.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
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
      if (names.length === 0 && options.json !== true) context.err(nothingIn(registry.url));
    });
};

function nothingIn(url: string): Shown {
  const place = pathOrUrl(url);
  return url.startsWith("file:") && !isRegistry(place)
    ? shown`There is no registry in ${place} yet; the first push makes one.\n`
    : shown`There are no packages in ${place}.\n`;
}
