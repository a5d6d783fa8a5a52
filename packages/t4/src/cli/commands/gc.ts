import { type GarbageReport, openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import { type CommonOptions, DRY_RUN, decimalNumber, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, counted, day, json } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { registryOf } from "../target.js";

const DAY_MS = 24 * 3600 * 1000;
/** What a push has written and not published yet is younger than this, in days. */
const LONGEST_PUSH = 1;

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", REGISTRY[1])
    .option("-y, --yes", "remove it; without this it is only said")
    .option(...DRY_RUN)
    .option("--grace <days>", "what is younger stays", decimalNumber, 7)
    .option("--nobody-pushes", "allow a grace of less than a day, which takes its bytes from a push that is running")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 gc ./registry", "t4 gc ./registry --yes"))
    .action(
      async (
        location: string | undefined,
        options: CommonOptions & { readonly yes?: boolean; readonly grace: number; readonly nobodyPushes?: boolean },
      ) => {
        const { grace, yes, dryRun } = options;
        if (yes === true && grace < LONGEST_PUSH && options.nobodyPushes !== true) throw tooShort(grace);
        const registry = await openRegistry(await registryOf(location));
        const report = await registry.collectGarbage({
          dryRun: yes !== true || dryRun === true,
          graceMs: grace * DAY_MS,
          signal: context.signal,
        });
        if (options.json === true) context.out(json(report));
        else {
          const keys = [...report.manifests, ...report.objects, ...report.uploads];
          context.out(joined(keys.map((key) => shown`${key}\n`)));
        }
        context.err(shown`${outcome(report)}${keptForUndo(report)}`);
        if (report.dryRun && report.bytes + report.uploads.length > 0)
          suggestNext(context, commandLine("t4", "gc", location, "--yes"));
      },
    );
};

function tooShort(grace: number): T4Error {
  return new T4Error(
    "ERR_T4_USAGE",
    `With a grace of ${grace} days, a push that is running now would lose its bytes.`,
    {
      hint: "Let it be a day or more; or make sure that nobody pushes, and add --nobody-pushes.",
    },
  );
}

function outcome({ manifests, objects, uploads, bytes: size, dryRun }: GarbageReport): Shown {
  if (manifests.length + objects.length + uploads.length === 0)
    return shown`Nothing ${dryRun ? "is" : "was"} to be removed.\n`;
  const begun = uploads.length === 0 ? "" : ` and ${counted(uploads.length, "unfinished upload")}`;
  const what = `${counted(manifests.length, "manifest")} and ${counted(objects.length, "object")}${begun}, ${bytes(size)}`;
  return shown`${dryRun ? "Would remove" : "Removed"} ${what}.\n`;
}

/** What a removal of yesterday still costs, which `gc` takes only when it can no longer be undone. */
function keptForUndo({ keptForUndo: { revisions, bytes: size, until } }: GarbageReport): Shown {
  if (until === undefined) return shown``;
  return shown`${counted(revisions, "revision")} with ${bytes(size)} of their own stay for t4 undo, the last until ${day(until)}.\n`;
}
