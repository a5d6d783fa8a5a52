import { resolve } from "node:path";
import { T4Error } from "../../base/errors.js";
import { readConfig } from "../../config/config-file.js";
import { locations } from "../../config/locations.js";
import { fileUrl, parsePhysicalKey } from "../../format/physical-key.js";
import { STATE } from "../../format/registry-layout.js";
import { fixUrl } from "../../format/user-url.js";
import { packageRegistry } from "../../registry/registry.js";
import { fileStore } from "../../store/file/file-store.js";
import { realPath } from "../../store/file/local-file.js";
import { folderPlace } from "../places/folder-place.js";
import { userIndexCache } from "./index-cache.js";
import type { OpenRegistry } from "./opened-registry.js";

/** The word that names the user's own registry wherever a registry is asked for. */
export const LOCAL = "local";

/**
 * Opens the registry that a user named: `s3://bucket[/prefix]`, a path, a `file:` URL, or `"local"`; by default the
 * configured remote registry, or else the local one.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for any other place.
 */
export async function openLocation(location?: string): Promise<OpenRegistry> {
  const config = await readConfig();
  const named = location ?? config.defaultRemoteRegistry ?? LOCAL;
  const localRoot = directoryOf(urlOf(config.defaultLocalRegistry ?? locations().base));
  if (named === LOCAL) return openFolder(localRoot, { isLocal: true });
  const url = urlOf(named);
  // What reaches S3 is large, and commands on folders do without it.
  if (url.startsWith("s3:")) return (await import("./bucket-registry.js")).openBucketRegistry(url);
  const root = directoryOf(url);
  return openFolder(root, { isLocal: root === localRoot });
}

function openFolder(root: string, { isLocal }: { readonly isLocal: boolean }): OpenRegistry {
  const store = fileStore(root, { stateKey: STATE.slice(0, -1), url: fileUrl(root) });
  const registry = packageRegistry(store, { indexes: userIndexCache() });
  return { ...registry, identity: fileUrl(realPath(root)), place: folderPlace(root, { isLocal }) };
}

function urlOf(location: string): string {
  return fixUrl(location, { cwd: process.cwd(), home: locations().home });
}

function directoryOf(url: string): string {
  if (url.startsWith("file:")) {
    const key = parsePhysicalKey(url);
    if (key.kind === "file") return resolve(key.path);
  }
  throw new T4Error("ERR_T4_UNSUPPORTED", `Cannot open the registry ${url}: it is neither a bucket nor a folder.`, {
    hint: "Give s3://bucket, a path such as ./registry, or a file:// URL.",
    facts: { registry: url },
  });
}
