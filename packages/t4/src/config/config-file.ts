import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "yaml";
import { systemCode, T4Error } from "../base/errors.js";
import { ioError } from "../base/io-error.js";
import { locations } from "./locations.js";
import { replaceFile } from "./replace-file.js";

/** Settings that T4 uses, each `undefined` when it is not set; the file may hold others, which stay as they are. */
export interface Config {
  /** Path or URL of the registry that is used where none is named. */
  readonly defaultRemoteRegistry?: string | null;
  /** Path or URL of this user's own registry, `"local"`; default: T4's own directory. */
  readonly defaultLocalRegistry?: string | null;
  /** Path of the directory for installed packages where no destination is named. */
  readonly defaultInstallLocation?: string | null;
}

/** The names in the file. */
const ON_DISK: Readonly<Record<keyof Config, string>> = {
  defaultRemoteRegistry: "default_remote_registry",
  defaultLocalRegistry: "default_local_registry",
  defaultInstallLocation: "default_install_location",
};

/** Where the settings are. */
export function configPath(): string {
  return join(locations().base, "config.yml");
}

/**
 * Reads the settings; an absent file means that nothing is set.
 *
 * Source: T4 2019's `config.yml`.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` when the file is not YAML.
 */
export async function readConfig(): Promise<Config> {
  const document = await readConfigDocument();
  if (document === undefined) return {};
  const settings = Object.entries(ON_DISK).map(([name, key]): [string, unknown] => [name, document.get(key)]);
  return Object.fromEntries(settings.filter(([, value]) => typeof value === "string" && value !== ""));
}

/** The settings' file as it is; `undefined` when it is absent or empty. */
export async function readConfigDocument(): Promise<Document | undefined> {
  const text = await readText(configPath());
  // The parser is large, and most users have no settings.
  return text === "" ? undefined : parse(text);
}

/** Changes settings and keeps all else in the file, comments too; `null` removes one. The file is replaced in one step. */
export async function writeConfig(changes: Config): Promise<Config> {
  const path = configPath();
  const document = await parse(await readText(path));
  for (const [name, key] of Object.entries(ON_DISK)) {
    const value = changes[name as keyof Config];
    if (value === null) document.delete(key);
    else if (value !== undefined) document.set(key, value);
  }
  try {
    await replaceFile(path, String(document), { mode: 0o600 });
  } catch (error) {
    throw ioError(`write the settings in ${path}`, error);
  }
  return readConfig();
}

async function readText(path: string): Promise<string> {
  try {
    // A pipe in its place is not waited for.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if ((await file.stat()).isFile()) return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw ioError(`read the settings in ${path}`, error);
  }
  throw unreadable(path, "it is no regular file but a directory, pipe or device.");
}

async function parse(text: string): Promise<Document> {
  const { isMap, parseDocument } = await import("yaml");
  const document = parseDocument(text);
  document.contents ??= document.createNode({}) as never;
  const problem = document.errors[0]?.message ?? (isMap(document.contents) ? undefined : "expected names with values.");
  if (problem === undefined) return document;
  throw unreadable(configPath(), problem);
}

function unreadable(path: string, problem: string): T4Error {
  return new T4Error("ERR_T4_FORMAT", `The settings in ${path} cannot be read: ${problem}`, {
    hint: "Mend or remove the file.",
    facts: { path },
  });
}
