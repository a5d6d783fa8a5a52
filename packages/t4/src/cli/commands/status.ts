import { openRegistry, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { inDirectory, suggestNext } from "../command-line.js";
import { changeLines, compare, isEqual } from "../comparison.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { json, short } from "../render.js";
import { shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[directory]", "a directory that was installed or pushed", ".")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("cd copy && t4 status"))
    .action(async (directory: string, options: CommonOptions) => {
      const open = await Package.openDirectory(directory, { signal: context.signal });
      if (open === undefined) {
        throw new T4Error("ERR_T4_USAGE", `${directory} was neither installed nor pushed.`, {
          hint: "t4 install or t4 push makes it one that remembers its package.",
        });
      }
      const { name, registry, topHash } = open;
      const comparison = compare(open.base, open.current);
      const latest = await (await openRegistry(registry)).resolve(name);
      if (options.json === true) {
        const { added, modified, deleted, metadata } = comparison;
        context.out(json({ name, registry, topHash, latest, added, modified, deleted, metadata }));
        return;
      }
      context.out(shown`${name}@${short(topHash)} from ${registry}\n`);
      if (latest !== topHash) context.out(shown`The latest revision is ${short(latest)}: t4 install takes it.\n`);
      const isClean = isEqual(comparison);
      context.out(isClean ? shown`Nothing changed.\n` : await changeLines(comparison, context.paintOut));
      if (!isClean) suggestNext(context, inDirectory(directory, 't4 push -m "…"'));
    });
};
