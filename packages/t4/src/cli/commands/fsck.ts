import { openRegistry, pathOrUrl, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine } from "../command-line.js";
import { findingLines, toldCount } from "../findings.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
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
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 fsck ./registry --read-data"))
    .action(async (location: string | undefined, { dryRun, readData, json: isJson, ...options }: Options) => {
      const registry = await openRegistry(await registryOf(location));
      const repair = options.repair === true && dryRun !== true;
      const found = await registry.fsck({ repair, readData, signal: context.signal });
      const repaired = found.filter(({ isRepaired }) => isRepaired);
      // What was set aside is missing now: only another look tells what is left.
      const rest = repaired.length === 0 ? found : await registry.fsck({ readData, signal: context.signal });
      const findings = repaired.length === 0 ? found : [...repaired, ...rest];
      if (isJson === true) context.out(json(findings));
      else context.out(findingLines(findings, context.paintOut));
      const left = rest.filter(({ severity }) => severity === "error");
      const count = `${counted(toldCount(findings), "finding")}, ${counted(toldCount(left), "error")} left.`;
      context.err(shown`${findings.length === 0 ? "Nothing is wrong." : count}\n`);
      if (left.length === 0) return;
      throw new T4Error("ERR_T4_INTEGRITY", `${pathOrUrl(registry.url)} is damaged.`, {
        hint: repair
          ? "What is left is for you to do: see below the findings."
          : `${commandLine("t4", "fsck", location, "--repair")} mends what can be mended; below the findings is what else to do.`,
      });
    });
};
