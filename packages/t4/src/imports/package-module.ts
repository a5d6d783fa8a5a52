import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findLock } from "../package/lock/find-lock.js";

/** What an import of a package starts with: `t4:alice/weather`. */
export const SCHEME = "t4:";

/**
 * The URL of the module that an import of a package means. It names the lock file of the importing file, so that two
 * projects in one process each get their own revision.
 */
export function packageUrl(specifier: string, importer: string | undefined): string {
  const lock = findLock(directoryOf(importer));
  return lock === undefined ? specifier : `${specifier}?lock=${encodeURIComponent(lock)}`;
}

/** The name and lock file in a URL of {@link packageUrl}. */
export function packageAt(url: string): { readonly name: string; readonly lock: string | undefined } {
  const [name = "", query] = url.slice(SCHEME.length).split("?lock=");
  return { name: decodeURIComponent(name), lock: query === undefined ? undefined : decodeURIComponent(query) };
}

/**
 * The code of the module of a package for Node. Its default export is the pinned revision, or without a lock file the latest.
 *
 * @param library What it imports T4 from.
 */
export function packageModule(url: string, library: string): string {
  const { name, lock } = packageAt(url);
  const from = JSON.stringify(library);
  if (lock === undefined)
    return `import { Package } from ${from};\nexport default await Package.browse(${JSON.stringify(name)});\n`;
  const opened = `(await openLock(${JSON.stringify(dirname(lock))}))`;
  return `import { openLock } from ${from};\nexport default await ${opened}.browse(${JSON.stringify(name)});\n`;
}

/** Code that is in no file belongs to the working directory. */
function directoryOf(importer: string | undefined): string {
  return importer?.startsWith("file:") === true ? dirname(fileURLToPath(importer)) : process.cwd();
}
