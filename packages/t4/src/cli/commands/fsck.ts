import { type Finding, openRegistry, pathOrUrl, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine } from "../command-line.js";
import type { Paint } from "../context.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { counted, json } from "../render.js";
import { type Shown, shown } from "../shown.js";
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
      const findings = await registry.fsck({ repair, readData, signal: context.signal });
      if (isJson === true) context.out(json(findings));
      else for (const finding of findings) context.out(describe(finding, context.paintOut));
      const left = findings.filter(({ severity, isRepaired }) => severity === "error" && !isRepaired);
      context.err(shown`${counted(findings.length, "finding")}, ${counted(left.length, "error")} left.\n`);
      if (left.length === 0) return;
      throw new T4Error("ERR_T4_INTEGRITY", `${pathOrUrl(registry.url)} is damaged.`, {
        hint: repair
          ? "What is left is for you to do: see the line below each finding."
          : `${commandLine("t4", "fsck", location, "--repair")} mends what can be mended; the line below each finding says what else to do.`,
      });
    });
};

function describe({ code, severity, where, message, hint, isRepaired }: Finding, paint: Paint): Shown {
  const label = paint(severity === "error" ? "red" : "yellow", severity);
  const next = isRepaired ? shown` (repaired)` : shown`\n  ${hint}`;
  return shown`${label} ${code} ${pathOrUrl(where)}: ${message}${next}\n`;
}
