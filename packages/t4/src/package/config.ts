import { type Config, readConfig, writeConfig } from "../config/config-file.js";
import { checkOptions } from "./check-options.js";

/**
 * Reads your settings, or changes those that are given (`null` removes one) and keeps them for later.
 *
 * They are in T4's own directory in `config.yml`, which the Python T4 shares; comments and other settings in it stay.
 */
export async function config(changes?: Config): Promise<Config> {
  checkOptions(changes, ["defaultRemoteRegistry", "defaultLocalRegistry", "defaultInstallLocation"]);
  return changes === undefined ? readConfig() : writeConfig(changes);
}
