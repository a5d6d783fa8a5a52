import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import { readConfig } from "../config/config-file.js";
import { locations } from "../config/locations.js";
import { fileUrl, parsePhysicalKey } from "../format/physical-key.js";
import { STATE } from "../format/registry-layout.js";
import { fixUrl } from "../format/user-url.js";
import { type PackageRegistry, packageRegistry } from "../registry/registry.js";
import { fileStore } from "../store/file/file-store.js";
import { userIndexCache } from "./index-cache.js";

/** The word that names the user's own registry wherever a registry is asked for. */
export const LOCAL = "local";

/** A registry that is open. */
export interface OpenRegistry extends PackageRegistry {
  /** The directory of a folder registry, absolute. */
  readonly root: string;
  /** What the registry is, however it was named: links and spellings that lead to one folder give one identity. */
  readonly identity: string;
  /** Whether it is this user's own: its manifests may point to any file that the user may read. */
  readonly isLocal: boolean;
}

/**
 * Opens the registry that a user named: a path, a `file:` URL, or `"local"`; by default the configured remote registry,
 * or else the local one.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for a place that is not a folder.
 */
export async function openLocation(location?: string): Promise<OpenRegistry> {
  const config = await readConfig();
  const named = location ?? config.defaultRemoteRegistry ?? LOCAL;
  const local = config.defaultLocalRegistry ?? locations().base;
  const localRoot = directoryOf(local);
  const root = named === LOCAL ? localRoot : directoryOf(named);
  const store = fileStore(root, { stateKey: STATE.slice(0, -1), url: fileUrl(root) });
  const identity = fileUrl(realDirectory(root));
  return { ...packageRegistry(store, { indexes: userIndexCache() }), root, identity, isLocal: root === localRoot };
}

/** A folder with links resolved; one that does not exist yet keeps the name under which it will be made. */
function realDirectory(directory: string): string {
  try {
    return realpathSync.native(directory);
  } catch (error) {
    const isAbsent = systemCode(error) === "ENOENT" && dirname(directory) !== directory;
    return isAbsent ? join(realDirectory(dirname(directory)), basename(directory)) : directory;
  }
}

function directoryOf(location: string): string {
  const url = fixUrl(location, { cwd: process.cwd(), home: locations().home });
  if (url.startsWith("file:")) {
    const key = parsePhysicalKey(url);
    if (key.kind === "file") return resolve(key.path);
  }
  throw new T4Error("ERR_T4_UNSUPPORTED", `Cannot open the registry ${location}: only folders are supported so far.`, {
    hint: "Give a path such as ./registry or a file:// URL.",
    facts: { registry: location },
  });
}

/** Directory of the content-addressed objects of a folder registry. */
export function objectsOf(registry: OpenRegistry): string {
  return join(registry.root, STATE, "objects");
}

/** Directory of a folder registry's temporary files. */
export function temporaryOf(registry: OpenRegistry): string {
  return join(registry.root, STATE, "tmp");
}
