import { type Config, config, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, unknownWord } from "../options.js";
import { json } from "../render.js";
import { SETTINGS } from "../settings.js";
import { shown, shownLines } from "../shown.js";

interface Request extends CommonOptions {
  readonly action?: string;
  readonly name?: string;
  readonly value?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[action]", "get, set or unset; without it, all settings are shown")
    .argument("[name]", Object.keys(SETTINGS).join(", "))
    .argument("[value]", "the value to set")
    .option(...JSON_OUTPUT)
    .option(...DRY_RUN)
    .addHelpText("after", examples("t4 config set default_remote_registry /mnt/team/registry"))
    .action(async (action?: string, name?: string, value?: string, options?: CommonOptions) => {
      context.out(shownLines(await run({ ...options, action, name, value })));
      if (options?.dryRun === true) context.err(shown`Nothing was changed.\n`);
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
      throw unknownWord("action", action, ["get", "set", "unset"]);
  }
}

function show(settings: Config, isJson: boolean | undefined): string {
  if (isJson === true) return json(settings).shown;
  return Object.entries(SETTINGS)
    .map(([name, key]) => `${name}: ${settings[key] ?? "(not set)"}\n`)
    .join("");
}

function keyOf(name = ""): keyof Config {
  const key = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (key !== undefined) return key;
  throw unknownWord("setting", name, Object.keys(SETTINGS));
}
