import { openRegistry, pathOrUrl, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine } from "../command-line.js";
import { findingLines, toldCount } from "../findings.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { counted, json } from "../render.js";
import { shown } from "../shown.js";
import { registryOf } from "../target.js";

interface Options extends CommonOptions {
  readonly repair?: boolean;
  readonly readData?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", REGISTRY[1])
    .option("--repair", "mend what can be mended, move the rest to quarantine; nothing is deleted")
    .option(...DRY_RUN)
    .option("--read-data", "also read every object and compare its hash")
    .option(...QUIET)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 fsck ./registry --read-data"))
    .action(async (location: string | undefined, { dryRun, readData, quiet, json: isJson, ...options }: Options) => {
      const registry = await openRegistry(await registryOf(location));
      const isPlanned = options.repair === true && dryRun === true;
      const repair = options.repair === true && !isPlanned;
      const found = await registry.fsck({ repair, readData, signal: context.signal });
      const repaired = found.filter(({ isRepaired }) => isRepaired);
      // What was set aside is missing now: only another look tells what is left.
      const rest = repaired.length === 0 ? found : await registry.fsck({ readData, signal: context.signal });
      const findings = repaired.length === 0 ? found : [...repaired, ...rest];
      if (isJson === true) context.out(json(findings));
      else context.out(findingLines(findings, context.paintOut));
      const left = rest.filter(({ severity }) => severity === "error");
      const count = `${counted(toldCount(findings), "finding")}, ${counted(toldCount(left), "error")} left.`;
      if (quiet !== true) {
        context.err(shown`${findings.length === 0 ? "Nothing is wrong." : count}\n`);
        if (readData !== true) context.err(shown`The content of files was not read: --read-data does.\n`);
        if (isPlanned) context.err(shown`Nothing was changed; below the findings is what --repair would do.\n`);
      }
      if (left.length === 0) return;
      throw new T4Error("ERR_T4_INTEGRITY", `${pathOrUrl(registry.url)} is damaged.`, {
        hint: repair
          ? "What is left is for you to do: see below the findings."
          : `${commandLine("t4", "fsck", location, "--repair", readData === true ? "--read-data" : undefined)} mends what can be mended; below the findings is what else to do.`,
      });
    });
};
