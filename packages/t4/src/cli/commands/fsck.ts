import { openRegistry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { clean, color, counted, json } from "../render.js";

interface Options {
  readonly repair?: boolean;
  readonly readData?: boolean;
  readonly json?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", "the registry; default: your configured or local one")
    .option("--repair", "mend what can be mended, move the rest to quarantine; nothing is deleted")
    .option("--read-data", "also read every object and compare its hash")
    .option("--json", "one JSON array")
    .addHelpText("after", "\nExample:\n  t4 fsck ./registry --read-data")
    .action(async (location: string | undefined, options: Options) => {
      const registry = await openRegistry(location);
      const findings = await registry.fsck({
        repair: options.repair === true,
        readData: options.readData === true,
        signal: context.signal,
      });
      if (options.json === true) context.out(json(findings));
      else {
        for (const { code, severity, where, message, isRepaired } of findings) {
          context.out(
            `${color(severity === "error" ? "red" : "yellow", severity)} ${code} ${clean(where)}: ${clean(message)}${isRepaired ? " (repaired)" : ""}\n`,
          );
        }
      }
      const left = findings.filter(({ severity, isRepaired }) => severity === "error" && !isRepaired);
      context.err(`${counted(findings.length, "finding")}, ${counted(left.length, "error")} left.\n`);
      if (left.length > 0)
        throw new T4Error("ERR_T4_INTEGRITY", `${registry.url} is damaged.`, {
          hint: options.repair === true ? "Push the missing data again." : "t4 fsck --repair mends what can be mended.",
        });
    });
};
