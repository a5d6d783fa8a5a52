import { isT4Error, openRegistry, type PackageDiff, pathOrUrl } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, inDirectory, isAround, suggestNext } from "../command-line.js";
import { changeLines, compare, isEqual, type LineStyle } from "../comparison.js";
import { openWorkplace, pathFromHere } from "../here.js";
import { type CommonOptions, examples, JSON_OUTPUT } from "../options.js";
import { counted, json, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[directory]", "the directory; default: the one around you that was installed or pushed")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("cd copy && t4 status"))
    .action(async (named: string | undefined, options: CommonOptions) => {
      const place = await openWorkplace(named, { signal: context.signal });
      const { name, registry, topHash, conflicts, base, current } = place.pkg;
      const comparison = compare(base, current);
      const { latest, missing } = await latestOf(registry, name);
      if (options.json === true) {
        const { added, modified, deleted, metadata } = comparison;
        context.out(
          json({ name, registry, topHash, latest: latest ?? null, added, modified, deleted, metadata, conflicts }),
        );
        return;
      }
      context.out(shown`${name}@${short(topHash)} from ${pathOrUrl(registry)}\n`);
      context.out(missing ?? standing(topHash, latest));
      const nameOf = (key: string): string => pathFromHere(place, key);
      const isClean = isEqual(comparison);
      const style = { paint: context.paintOut, nameOf };
      context.out(isClean ? shown`Nothing changed.\n` : conflictLines(comparison, conflicts, style));
      context.out(await changeLines(without(comparison, conflicts), style));
      const [first] = conflicts;
      if (first !== undefined) {
        context.err(shown`${counted(conflicts.length, "conflict")}; a push comes after they are settled.\n`);
        const path = isAround(place.root) ? nameOf(first) : first;
        suggestNext(context, inDirectory(place.root, commandLine("t4", "resolve", "--theirs", path)));
      } else if (!isClean) {
        const isBehind = latest !== undefined && latest !== topHash;
        suggestNext(context, inDirectory(place.root, isBehind ? "t4 install" : 't4 push -m "…"'));
      }
    });
};

/** The latest revision of a package, or why the registry cannot tell it: what changed here is known without it. */
interface Latest {
  readonly latest?: string;
  readonly missing?: Shown;
}

async function latestOf(registry: string, name: string): Promise<Latest> {
  try {
    return { latest: await (await openRegistry(registry)).resolve(name) };
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_NOT_FOUND", "ERR_T4_ACCESS", "ERR_T4_IO")) throw error;
    const { suggestion } = await import("../suggestion.js");
    const hint = (await suggestion(error)) ?? error.hint;
    const unknown = "Whether there is a later revision is not known.";
    return { missing: shown`${error.message} ${unknown}${hint === undefined ? "" : ` ${hint}`}\n` };
  }
}

function standing(topHash: string, latest: string | undefined): Shown {
  return latest === undefined || latest === topHash
    ? shown``
    : shown`The latest revision is ${short(latest)}: t4 install takes it.\n`;
}

/** Files in conflict, a line each, with what happened on both sides. */
function conflictLines(
  { added, deleted }: PackageDiff,
  conflicts: readonly string[],
  { paint, nameOf }: LineStyle,
): Shown {
  const [ours, gone] = [new Set(added), new Set(deleted)];
  const told = (key: string): string => {
    if (ours.has(key)) return "changed here, deleted in the revision";
    return gone.has(key) ? "deleted here, changed in the revision" : "changed here and in the revision";
  };
  return joined(conflicts.map((key) => shown`${paint("red", `! ${nameOf(key)}`)} (${told(key)})\n`));
}

function without<Changes extends PackageDiff>(comparison: Changes, conflicts: readonly string[]): Changes {
  const told = new Set(conflicts);
  const rest = (keys: readonly string[]): readonly string[] => keys.filter((key) => !told.has(key));
  const { added, modified, deleted } = comparison;
  return { ...comparison, added: rest(added), modified: rest(modified), deleted: rest(deleted) };
}
