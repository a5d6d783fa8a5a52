import { basename } from "node:path";
import { T4Error } from "../base/errors.js";
import type { Package } from "../package/package.js";
import type { PageContent } from "./page-package.js";

/** A page holds its files, and a bundler all of them in memory. */
const MAX_FILES = 10_000;
const MAX_BYTES = 1 << 30;

/** How a bundler brings files to a page. */
export interface PageFiles {
  /** Code of what {@link pagePackage} is imported from. */
  readonly runtime: string;
  /** Takes a file; resolves to an expression that gives its URL in the page. */
  readonly place: (logicalKey: string, read: () => Promise<Uint8Array>) => Promise<string>;
}

/**
 * The code of the module of a package for a page.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for more than 10,000 files or 1 GiB.
 */
export async function pageModule(name: string, pkg: Package, { runtime, place }: PageFiles): Promise<string> {
  const entries = Array.from(pkg.walk(), ([, entry]) => entry);
  const bytes = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  if (entries.length > MAX_FILES || bytes > MAX_BYTES) throw tooLarge(name, entries.length, bytes);
  const urls: string[] = [];
  for (const entry of entries) urls.push(await place(entry.logicalKey, () => entry.bytes()));
  const content: PageContent = {
    name,
    topHash: pkg.topHash(),
    message: pkg.message,
    meta: pkg.metaJson(),
    files: entries.map(({ logicalKey, size = 0, metaJson: meta }) => ({ logicalKey, size, meta })),
  };
  return `import { pagePackage } from ${JSON.stringify(runtime)};
export default pagePackage(${JSON.stringify(content)}, [${urls.join(", ")}]);
`;
}

/** The name of a file beside a page: its own, without what a bundler or a server would take for something else. */
export function assetName(logicalKey: string): string {
  return basename(logicalKey).replaceAll(/[^\w.-]/g, "_");
}

function tooLarge(name: string, files: number, bytes: number): T4Error {
  const message = `${name} has ${files} files of ${bytes} bytes, more than a page can hold: ${MAX_FILES} files, ${MAX_BYTES} bytes.`;
  return new T4Error("ERR_T4_UNSUPPORTED", message, {
    hint: "Publish what the page needs as a package of its own, or serve the package's files.",
    facts: { name, files, bytes },
  });
}
