import { resolve } from "node:path";
import { type Config, readConfig, writeConfig } from "../config/config-file.js";
import { checkOptions } from "./check-options.js";
import { LOCAL } from "./registry-location.js";

/**
 * Reads your settings, or changes those that are given (`null` removes one) and keeps them for later.
 *
 * They are in T4's own directory in `config.yml`, which the Python T4 shares; comments and other settings in it stay.
 */
export async function config(changes?: Config): Promise<Config> {
  checkOptions(changes, ["defaultRemoteRegistry", "defaultLocalRegistry", "defaultInstallLocation"]);
  if (changes === undefined) return readConfig();
  // A relative path would mean another place from every directory.
  const absolute = Object.entries(changes).map(([name, value]): [string, unknown] => [
    name,
    isPath(value) ? resolve(value) : value,
  ]);
  return writeConfig(Object.fromEntries(absolute));
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value !== LOCAL && !value.startsWith("~") && !value.includes("://");
}
