import { openRegistry, Package, type PackageDiff, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { Paint } from "../context.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { changes, clean, counted, json } from "../render.js";

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
      const diff = open.base.diff(open.current);
      const latest = await (await openRegistry(registry)).resolve(name);
      if (options.json === true) {
        context.out(json({ name, registry, topHash, latest, ...diff, conflicts }));
        return;
      }
      context.out(`${name}@${topHash.slice(0, 12)} from ${registry}\n`);
      if (latest !== topHash) context.out(`The latest revision is ${latest.slice(0, 12)}: t4 install takes it.\n`);
      const isClean = diff.added.length + diff.modified.length + diff.deleted.length === 0;
      context.out(isClean ? "Nothing changed.\n" : conflictLines(diff, conflicts, context.paintOut));
      context.out(changes(without(diff, conflicts), context.paintOut));
      if (!isClean) context.err(nextStep(conflicts));
    });
};

/** Files in conflict, a line each, with what happened on both sides. */
function conflictLines({ added, deleted }: PackageDiff, conflicts: readonly string[], paint: Paint): string {
  const [ours, gone] = [new Set(added), new Set(deleted)];
  const told = (key: string): string => {
    if (ours.has(key)) return "changed here, deleted in the revision";
    return gone.has(key) ? "deleted here, changed in the revision" : "changed here and in the revision";
  };
  return conflicts.map((key) => `${paint("red", `! ${clean(key)}`)} (${told(key)})\n`).join("");
}

function without({ added, modified, deleted }: PackageDiff, conflicts: readonly string[]): PackageDiff {
  const told = new Set(conflicts);
  const rest = (keys: readonly string[]): readonly string[] => keys.filter((key) => !told.has(key));
  return { added: rest(added), modified: rest(modified), deleted: rest(deleted) };
}

function nextStep(conflicts: readonly string[]): string {
  if (conflicts.length === 0) return 'Next: t4 push -m "…" publishes this, t4 diff shows it again.\n';
  return `${counted(conflicts.length, "conflict")}. Next: t4 resolve --theirs or --mine <path> settles one; t4 push comes after.\n`;
}
