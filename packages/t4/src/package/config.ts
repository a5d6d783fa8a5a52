import { dirname, resolve } from "node:path";
import { T4Error } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { type Config, changedConfig, configPath, readConfig } from "../config/config-file.js";
import { makeDirectorySync } from "../store/file/make-directory.js";
import { replaceFileBy } from "../store/file/replace-file.js";
import { checkOptions } from "./check-options.js";
import { LOCAL } from "./registries/registry-location.js";

/**
 * Reads your settings, or changes those that are given (`null` removes one) and keeps them for later.
 *
 * They are in T4's own directory in `config.yml`, which the Python T4 shares; comments and other settings in it stay.
 * A relative path is kept as an absolute one. The file is replaced in one step: a crash leaves the old or the new one.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when the file is not YAML, `ERR_T4_USAGE` for a setting that there is not, or an empty value.
 *
 * @example
 * ```ts
 * import { config, Package } from "t4";
 * await config({ defaultRemoteRegistry: "./registry" });
 * await new Package().push("alice/empty"); // to ./registry
 * await config({ defaultRemoteRegistry: null });
 * ```
 */
export async function config(changes?: Config): Promise<Config> {
  checkOptions(changes, ["defaultRemoteRegistry", "defaultLocalRegistry", "defaultInstallLocation"]);
  if (changes === undefined) return readConfig();
  if (Object.values(changes).includes("")) {
    throw new T4Error("ERR_T4_USAGE", "The value of a setting is empty.", {
      hint: "Is a variable not set? t4 config unset <name>, or null, removes a setting.",
    });
  }
  // A relative path would mean another place from every directory.
  const absolute = Object.entries(changes).map(([name, value]): [string, unknown] => [
    name,
    isPath(value) ? resolve(value) : value,
  ]);
  writeConfig(await changedConfig(Object.fromEntries(absolute)));
  return readConfig();
}

function writeConfig(text: string): void {
  const path = configPath();
  try {
    makeDirectorySync(dirname(path));
    // What is set may be nobody else's business.
    replaceFileBy(path, [Buffer.from(text)], { isFlushed: true, mode: 0o600 });
  } catch (error) {
    throw ioError(`write the settings in ${path}`, error);
  }
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value !== LOCAL && !value.startsWith("~") && !value.includes("://");
}
