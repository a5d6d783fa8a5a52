import type { Config } from "t4";

/** The settings, by their names on disk and at the terminal. */
export const SETTINGS: Readonly<Record<string, keyof Config>> = {
  default_remote_registry: "defaultRemoteRegistry",
  default_local_registry: "defaultLocalRegistry",
  default_install_location: "defaultInstallLocation",
};
