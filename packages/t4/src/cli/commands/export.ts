import { type ExportFormat, exportRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET, REGISTRY, unknownWord } from "../options.js";
import { counted, json } from "../render.js";
import { shown } from "../shown.js";
import { registryOf } from "../target.js";

/** What tables can be written as. */
const FORMATS: readonly ExportFormat[] = ["parquet", "iceberg"];

export const define: DefineCommand = (command, context) => {
  command
    .argument("<registry>", REGISTRY[1])
    .argument("<dest>", "the folder or s3://bucket[/prefix] that gets the tables, or has those of an earlier export")
    .requiredOption("--to <format>", `what the tables are written as: ${FORMATS.join(", ")}`)
    .option(...DRY_RUN)
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples("t4 export ./registry --to parquet ./tables", "t4 export ./registry --to iceberg ./lake"),
    )
    .action(async (location: string, dest: string, options: CommonOptions & { readonly to: string }) => {
      const to = FORMATS.find((format) => format === options.to);
      if (to === undefined) throw unknownWord("format", options.to, FORMATS);
      const { dryRun, signal } = { ...options, signal: context.signal };
      const report = await exportRegistry(dest, { registry: await registryOf(location), to, dryRun, signal });
      if (options.json === true) context.out(json(report));
      else if (options.quiet !== true) {
        const verb = dryRun === true ? "would get" : "got";
        const { added, revisions } = report;
        context.err(
          shown`${report.location} ${verb} ${counted(added, "new revision")}; ${counted(revisions, "revision")} in all.\n`,
        );
      }
    });
};
