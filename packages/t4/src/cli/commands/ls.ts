import { Package, PackageEntry, parseReference, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { bytes, clean, json, table } from "../render.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("<reference>", "<author>/<package>[@<revision>][/<directory>]")
    .option("--registry <registry>", "the registry; default: your configured or local one")
    .option("--json", "one JSON array")
    .addHelpText("after", "\nExample:\n  t4 ls alice/weather/2024 --registry ./registry")
    .action(async (text: string, options: { registry?: string; json?: boolean }) => {
      const pkg = await Package.browse(text, { registry: options.registry });
      const directory = parseReference(text).path ?? "";
      const inside = directory === "" ? pkg : pkg.get(directory);
      if (inside instanceof PackageEntry)
        throw new T4Error("ERR_T4_USAGE", `${directory} is a file.`, { hint: "t4 cat prints it." });
      const rows = Array.from(inside.keys(), (name) => {
        const size = name.endsWith("/") ? undefined : inside.entry(name).size;
        return { name, size };
      });
      if (options.json === true) context.out(json(rows));
      else context.out(table(rows.map(({ name, size }) => [size === undefined ? "-" : bytes(size), clean(name)])));
    });
};
