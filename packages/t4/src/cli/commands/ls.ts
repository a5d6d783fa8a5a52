import { Package, PackageEntry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { findHere } from "../here.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, json, table } from "../render.js";
import { referenceTo, targetOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "[reference]",
      "<author>/<package>[@<revision>][/<directory>]; default: what the directory was installed or pushed as",
    )
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText(
      "after",
      examples("t4 ls alice/weather/2024 --registry ./registry", "cd copy && t4 ls", "cd copy && t4 ls 2024"),
    )
    .action(async (text: string | undefined, options: CommonOptions) => {
      // Without words it lists where the user stands, as ls does.
      const place = (await findHere()) === undefined ? undefined : ".";
      const target = await targetOf(text ?? place, { ...options, path: "may" });
      const pkg = await Package.browse(referenceTo(target), { registry: target.registry });
      const directory = target.path?.replace(/\/+$/, "") ?? "";
      const inside = directory === "" ? pkg : pkg.get(directory);
      if (inside instanceof PackageEntry) {
        throw new T4Error("ERR_T4_USAGE", `${directory} is a file.`, {
          hint: `${commandLine("t4", "cat", text, ...registryWords(options.registry))} prints it.`,
        });
      }
      const rows = Array.from(inside.keys(), (name) => {
        return { name, size: name.endsWith("/") ? undefined : inside.entry(name).size };
      });
      if (options.json === true) context.out(json(rows));
      else context.out(await table(rows.map(({ name, size }) => [size === undefined ? "-" : bytes(size), name])));
    });
};
