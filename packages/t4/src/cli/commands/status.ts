import { openRegistry, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { changes, json } from "../render.js";

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
      const diff = open.base.diff(open.current);
      const latest = await (await openRegistry(registry)).resolve(name);
      if (options.json === true) {
        context.out(json({ name, registry, topHash, latest, ...diff }));
        return;
      }
      context.out(`${name}@${topHash.slice(0, 12)} from ${registry}\n`);
      if (latest !== topHash) context.out(`The latest revision is ${latest.slice(0, 12)}: t4 install takes it.\n`);
      const isClean = diff.added.length + diff.modified.length + diff.deleted.length === 0;
      context.out(isClean ? "Nothing changed.\n" : changes(diff, context.paintOut));
      if (!isClean) context.err('Next: t4 push -m "…" publishes this, t4 diff shows it again.\n');
    });
};
