import { openRegistry, Package, type PackageDiff, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { inDirectory, suggestNext } from "../command-line.js";
import { changeLines, compare, isEqual } from "../comparison.js";
import type { Paint } from "../context.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { counted, json, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";

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
      const { name, registry, topHash, conflicts } = open;
      const comparison = compare(open.base, open.current);
      const latest = await (await openRegistry(registry)).resolve(name);
      if (options.json === true) {
        const { added, modified, deleted, metadata } = comparison;
        context.out(json({ name, registry, topHash, latest, added, modified, deleted, metadata, conflicts }));
        return;
      }
      context.out(shown`${name}@${short(topHash)} from ${registry}\n`);
      if (latest !== topHash) context.out(shown`The latest revision is ${short(latest)}: t4 install takes it.\n`);
      const isClean = isEqual(comparison);
      context.out(isClean ? shown`Nothing changed.\n` : conflictLines(comparison, conflicts, context.paintOut));
      context.out(await changeLines(without(comparison, conflicts), context.paintOut));
      if (conflicts.length > 0) {
        context.err(shown`${counted(conflicts.length, "conflict")}; a push comes after they are settled.\n`);
        suggestNext(context, inDirectory(directory, "t4 resolve --theirs <path>"));
      } else if (!isClean) suggestNext(context, inDirectory(directory, 't4 push -m "…"'));
    });
};

/** Files in conflict, a line each, with what happened on both sides. */
function conflictLines({ added, deleted }: PackageDiff, conflicts: readonly string[], paint: Paint): Shown {
  const [ours, gone] = [new Set(added), new Set(deleted)];
  const told = (key: string): string => {
    if (ours.has(key)) return "changed here, deleted in the revision";
    return gone.has(key) ? "deleted here, changed in the revision" : "changed here and in the revision";
  };
  return joined(conflicts.map((key) => shown`${paint("red", `! ${key}`)} (${told(key)})\n`));
}

function without<Changes extends PackageDiff>(comparison: Changes, conflicts: readonly string[]): Changes {
  const told = new Set(conflicts);
  const rest = (keys: readonly string[]): readonly string[] => keys.filter((key) => !told.has(key));
  const { added, modified, deleted } = comparison;
  return { ...comparison, added: rest(added), modified: rest(modified), deleted: rest(deleted) };
}
