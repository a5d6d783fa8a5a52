import { Package } from "t4";
import type { DefineCommand } from "../command.js";
import { type Comparison, changeLines, changeSummary, compare, comparisonJson, isEqual } from "../comparison.js";
import { openWorkplace, pathFromHere } from "../here.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { shown } from "../shown.js";
import { referenceTo, targetOf } from "../target.js";

/** A comparison, and what its files are called where the user stands. */
interface Compared {
  readonly comparison: Comparison;
  readonly nameOf: (logicalKey: string) => string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[from]", "a revision; without it, the one that the directory around you stands on")
    .argument("[to]", "a later revision; without it, the package's latest")
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 diff alice/weather@latest~1 --registry ./registry", "cd copy && t4 diff"))
    .action(async (from: string | undefined, to: string | undefined, options: CommonOptions) => {
      const { registry } = options;
      const { comparison, nameOf } =
        from === undefined ? await withDirectory(context.signal) : await revisions(from, to, registry);
      if (options.json === true) {
        context.out(shown`${comparisonJson(comparison)}\n`);
        return;
      }
      context.out(await changeLines(comparison, { paint: context.paintOut, nameOf }));
      context.err(isEqual(comparison) ? shown`Nothing differs.\n` : shown`${changeSummary(comparison)}.\n`);
    });
};

async function withDirectory(signal: AbortSignal): Promise<Compared> {
  const place = await openWorkplace(undefined, { signal });
  return { comparison: compare(place.pkg.base, place.pkg.current), nameOf: (key) => pathFromHere(place, key) };
}

async function revisions(from: string, to: string | undefined, registry: string | undefined): Promise<Compared> {
  const [before, after] = [await targetOf(from, { registry }), await targetOf(to ?? from, { registry })];
  const later = await Package.browse(to === undefined ? after.name : referenceTo(after), { registry: after.registry });
  const earlier = await Package.browse(referenceTo(before), { registry: before.registry });
  return { comparison: compare(earlier, later), nameOf: (key) => key };
}
