import { type Config, config, nearest, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { json } from "../render.js";

const NAMES: Readonly<Record<string, keyof Config>> = {
  default_remote_registry: "defaultRemoteRegistry",
  default_local_registry: "defaultLocalRegistry",
  default_install_location: "defaultInstallLocation",
};

export const define: DefineCommand = (command, context) => {
  command
    .argument("[action]", "get, set or unset; without it, all settings are shown")
    .argument("[name]", Object.keys(NAMES).join(", "))
    .argument("[value]", "the value to set")
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExample:\n  t4 config set default_remote_registry /mnt/team/registry")
    .action(
      async (
        action: string | undefined,
        name: string | undefined,
        value: string | undefined,
        options: { json?: boolean },
      ) => {
        if (action === "set" || action === "unset") {
          if (action === "set" && value === undefined)
            throw new T4Error("ERR_T4_USAGE", "Give the value to set.", { hint: "t4 config set <name> <value>" });
          await config({ [keyOf(name)]: action === "set" ? value : null });
          return;
        }
        const settings = await config();
        if (action === "get") context.out(`${settings[keyOf(name)] ?? ""}\n`);
        else if (action !== undefined)
          throw new T4Error("ERR_T4_USAGE", `Unknown action ${action}.`, { hint: "Use get, set or unset." });
        else if (options.json === true) context.out(json(settings));
        else
          context.out(
            Object.entries(NAMES)
              .map(([shown, key]) => `${shown}: ${settings[key] ?? ""}\n`)
              .join(""),
          );
      },
    );
};

function keyOf(name = ""): keyof Config {
  const key = NAMES[name];
  if (key !== undefined) return key;
  const near = nearest(name, Object.keys(NAMES));
  throw new T4Error("ERR_T4_USAGE", `There is no setting ${JSON.stringify(name)}.`, {
    hint: near === undefined ? `Settings: ${Object.keys(NAMES).join(", ")}.` : `Did you mean ${near}?`,
  });
}
