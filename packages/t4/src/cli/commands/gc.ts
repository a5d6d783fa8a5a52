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

/** What is younger stays, in days. */
const GRACE_DAYS = 7;

interface Options extends CommonOptions {
  readonly yes?: boolean;
  readonly grace: number;
  readonly nobodyPushes?: boolean;
  readonly forgetUndo?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", REGISTRY[1])
    .option("-y, --yes", "remove it; without this it is only said")
    .option(...DRY_RUN)
    .option("--grace <days>", "what is younger stays", decimalNumber, GRACE_DAYS)
    .option("--nobody-pushes", "allow a grace of less than a day, which takes its bytes from a push that is running")
    .option(
      "--forget-undo",
      "also remove what only stays for t4 undo; no operation older than --grace can be undone then, of any package",
    )
    .option("-v, --verbose", "name all that is removed")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 gc ./registry", "t4 gc ./registry --yes"))
    .action(async (location: string | undefined, options: Options) => {
      const { grace, yes, dryRun } = options;
      if (yes === true && grace < LONGEST_PUSH && options.nobodyPushes !== true) throw tooShort(grace);
      const registry = await openRegistry(await registryOf(location));
      const report = await registry.collectGarbage({
        dryRun: yes !== true || dryRun === true,
        graceMs: grace * DAY_MS,
        forgetUndo: options.forgetUndo,
        signal: context.signal,
      });
      if (options.json === true) context.out(json(report));
      else if (options.verbose === true) {
        const keys = [...report.manifests, ...report.objects, ...report.uploads];
        context.out(joined(keys.map((key) => shown`${key}\n`)));
      }
      context.err(shown`${outcome(report)}${keptForUndo(report, options)}`);
      if (report.dryRun && report.bytes + report.uploads.length > 0)
        suggestNext(context, commandLine("t4", "gc", location, ...chosen(options), "--yes"));
    });
};

/** The options that say what is removed, as they were given. */
function chosen({ grace, nobodyPushes, forgetUndo }: Options): readonly string[] {
  return [
    ...(grace === GRACE_DAYS ? [] : ["--grace", String(grace)]),
    ...(nobodyPushes === true ? ["--nobody-pushes"] : []),
    ...(forgetUndo === true ? ["--forget-undo"] : []),
  ];
}

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

/** What a removal of yesterday still costs, which `gc` takes only when it can no longer be undone, or the user gives that up. */
function keptForUndo({ keptForUndo: kept, dryRun }: GarbageReport, { grace, forgetUndo }: Options): Shown {
  const { revisions, bytes: size, until } = kept;
  const given =
    forgetUndo === true
      ? shown`No operation older than ${counted(grace, "day")} can be undone ${dryRun ? "then" : "any more"}.\n`
      : shown``;
  if (until === undefined) return given;
  const stay = `${counted(revisions, "revision")} with ${bytes(size)} of their own stay for t4 undo, the last until ${day(until)}`;
  return shown`${given}${stay}${forgetUndo === true ? "" : "; --forget-undo gives them up"}.\n`;
}
