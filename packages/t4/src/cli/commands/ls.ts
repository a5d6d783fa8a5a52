import { Package, PackageEntry, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { bytes, clean, json, table } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>][/<directory>]")
    .option(...REGISTRY)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 ls alice/weather/2024 --registry ./registry"))
    .action(async (text: string, { registry, json: isJson }: CommonOptions) => {
      const pkg = await Package.browse(text, { registry });
      const directory = parseReference(text).path?.replace(/\/+$/, "") ?? "";
      const inside = directory === "" ? pkg : pkg.get(directory);
      if (inside instanceof PackageEntry) {
        throw new T4Error("ERR_T4_USAGE", `${directory} is a file.`, { hint: "t4 cat prints it." });
      }
      const rows = Array.from(inside.keys(), (name) => {
        return { name, size: name.endsWith("/") ? undefined : inside.entry(name).size };
      });
      if (isJson === true) context.out(json(rows));
      else
        context.out(await table(rows.map(({ name, size }) => [size === undefined ? "-" : bytes(size), clean(name)])));
    });
};
