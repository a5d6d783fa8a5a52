import { T4Error } from "../../base/errors.js";
import { foldKey, keyFault } from "../../format/portable-key.js";
import { PLATFORM } from "./platform.js";

/** macOS and Windows fold names; elsewhere two such names are two files. */
const FOLDS_NAMES = PLATFORM !== "posix";

/** Refuses paths that would leave the directory, do harm in it, or fall together. */
export function checkKeys(keys: Iterable<string>): void {
  const folded = new Map<string, string>();
  for (const key of keys) {
    const fault = keyFault(key, PLATFORM);
    if (fault !== undefined) {
      throw new T4Error(
        "ERR_T4_UNSAFE",
        `Refused to install ${JSON.stringify(key)}: ${fault.reason}. Nothing was written.`,
        {
          hint: "Do not trust this package; its other files can be installed by path.",
          facts: { logicalKey: key },
        },
      );
    }
    if (!FOLDS_NAMES) continue;
    const twin = folded.get(foldKey(key));
    if (twin !== undefined) {
      throw new T4Error(
        "ERR_T4_UNSAFE",
        `Refused to install ${JSON.stringify(key)} and ${JSON.stringify(twin)}: they are one file on this system. Nothing was written.`,
        {
          hint: "Install one of them by its path, or the package on a system that tells their names apart.",
          facts: { logicalKey: key, other: twin },
        },
      );
    }
    folded.set(foldKey(key), key);
  }
}
