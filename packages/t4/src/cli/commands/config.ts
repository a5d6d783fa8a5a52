import { type Config, config, nearest, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT } from "../options.js";
import { json } from "../render.js";

const NAMES: Readonly<Record<string, keyof Config>> = {
  default_remote_registry: "defaultRemoteRegistry",
  default_local_registry: "defaultLocalRegistry",
  default_install_location: "defaultInstallLocation",
};

interface Request extends CommonOptions {
  readonly action?: string;
  readonly name?: string;
  readonly value?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[action]", "get, set or unset; without it, all settings are shown")
    .argument("[name]", Object.keys(NAMES).join(", "))
    .argument("[value]", "the value to set")
    .option(...JSON_OUTPUT)
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 config set default_remote_registry /mnt/team/registry"))
    .action(async (action?: string, name?: string, value?: string, options?: CommonOptions) => {
      context.out(await run({ ...options, action, name, value }));
      if (options?.dryRun === true) context.err("Nothing was changed.\n");
    });
};

async function run({ action, name, value, json: isJson, dryRun }: Request): Promise<string> {
  switch (action) {
    case undefined:
      return show(await config(), isJson);
    case "get":
      return `${(await config())[keyOf(name)] ?? ""}\n`;
    case "set":
    case "unset": {
      if (action === "set" && value === undefined) {
        throw new T4Error("ERR_T4_USAGE", "Give the value to set.", { hint: "t4 config set <name> <value>" });
      }
      const change = { [keyOf(name)]: action === "set" ? value : null };
      if (dryRun !== true) await config(change);
      return "";
    }
    default:
      throw new T4Error("ERR_T4_USAGE", `Unknown action ${action}.`, { hint: "Use get, set or unset." });
  }
}

function show(settings: Config, isJson: boolean | undefined): string {
  if (isJson === true) return json(settings);
  return Object.entries(NAMES)
    .map(([name, key]) => `${name}: ${settings[key] ?? ""}\n`)
    .join("");
}

function keyOf(name = ""): keyof Config {
  const key = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (key !== undefined) return key;
  const near = nearest(name, Object.keys(NAMES));
  throw new T4Error("ERR_T4_USAGE", `There is no setting ${JSON.stringify(name)}.`, {
    hint: near === undefined ? `Settings: ${Object.keys(NAMES).join(", ")}.` : `Did you mean ${near}?`,
  });
}
