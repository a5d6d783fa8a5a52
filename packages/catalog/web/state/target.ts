import type { SnippetTarget } from "../components/snippets.js";
import type { PackageContext } from "../pages/package-page.js";

/** What snippets of a page are about. */
export function targetOf({ at, registry, resolved }: PackageContext, path?: string): SnippetTarget {
  const { location = "", url = "" } = registry ?? {};
  return { location, url, name: at.name, topHash: resolved.topHash, ...(path === undefined ? {} : { path }) };
}
