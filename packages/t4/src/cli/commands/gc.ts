import { openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { bytes, counted, json } from "../render.js";

const DAY_MS = 24 * 3600 * 1000;

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", "the registry; default: your configured or local one")
    .option("-y, --yes", "remove it; without this it is only said")
    .option("--grace <days>", "what is younger stays", Number, 7)
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExample:\n  t4 gc ./registry")
    .action(async (location: string | undefined, options: { yes?: boolean; grace: number; json?: boolean }) => {
      const registry = await openRegistry(location);
      const report = await registry.collectGarbage({
        dryRun: options.yes !== true,
        graceMs: options.grace * DAY_MS,
        signal: context.signal,
      });
      if (options.json === true) context.out(json(report));
      else context.out([...report.manifests, ...report.objects].map((key) => `${key}\n`).join(""));
      const verb = report.dryRun ? "Would remove" : "Removed";
      context.err(
        `${verb} ${counted(report.manifests.length, "manifest")} and ${counted(report.objects.length, "object")}, ${bytes(report.bytes)}.\n`,
      );
      if (report.dryRun && report.bytes > 0) context.err("Next: t4 gc --yes removes them.\n");
    });
};
