import { openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, suggestNext } from "../command-line.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT } from "../options.js";
import { bytes, counted, json } from "../render.js";
import { joined, shown } from "../shown.js";

const DAY_MS = 24 * 3600 * 1000;

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", "the registry; default: your configured or local one")
    .option("-y, --yes", "remove it; without this it is only said")
    .option(...DRY_RUN)
    .option("--grace <days>", "what is younger stays", Number, 7)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 gc ./registry", "t4 gc ./registry --yes"))
    .action(
      async (
        location: string | undefined,
        options: CommonOptions & { readonly yes?: boolean; readonly grace: number },
      ) => {
        const { grace, yes, dryRun } = options;
        if (!(grace >= 0)) throw new T4Error("ERR_T4_USAGE", `Invalid --grace: expected days, got ${grace}.`);
        const registry = await openRegistry(location);
        const report = await registry.collectGarbage({
          dryRun: yes !== true || dryRun === true,
          graceMs: grace * DAY_MS,
          signal: context.signal,
        });
        if (options.json === true) context.out(json(report));
        else
          context.out(
            joined([...report.manifests, ...report.objects, ...report.uploads].map((key) => shown`${key}\n`)),
          );
        const { length: uploads } = report.uploads;
        const more = uploads === 0 ? "" : ` and ${counted(uploads, "unfinished upload")}`;
        const what = `${counted(report.manifests.length, "manifest")} and ${counted(report.objects.length, "object")}${more}`;
        context.err(shown`${report.dryRun ? "Would remove" : "Removed"} ${what}, ${bytes(report.bytes)}.\n`);
        if (report.dryRun && report.bytes + uploads > 0)
          suggestNext(context, commandLine("t4", "gc", location, "--yes"));
      },
    );
};
