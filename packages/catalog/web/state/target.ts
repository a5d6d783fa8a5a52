import type { PreviewFile } from "../../render/previews.js";
import type { EntryFacts } from "../../server/api.js";
import type { SnippetTarget } from "../components/snippets.js";
import type { PackageContext } from "../pages/package-page.js";
import { encodePath, packageApi, packageHref } from "./routes.js";

/** What snippets of a page are about. */
export function targetOf({ at, registry, resolved }: PackageContext, path?: string): SnippetTarget {
  const { location = "", url = "" } = registry ?? {};
  return { location, url, name: at.name, topHash: resolved.topHash, ...(path === undefined ? {} : { path }) };
}

/** A file as renderers get it; what it links to stays in its revision. */
export function previewFile({ at, resolved }: PackageContext, entry: Pick<EntryFacts, "path" | "size">): PreviewFile {
  const api = (what: string): string =>
    `${packageApi(at)}/m/${resolved.topHash}/${what}?path=${encodeURIComponent(entry.path)}`;
  return {
    path: entry.path,
    size: entry.size ?? 0,
    raw: resolved.raw + encodePath(entry.path),
    rawOf: (path) => resolved.raw + encodePath(path),
    sql: api("sql"),
    profile: api("profile"),
    hrefOf: (path) => packageHref({ ...at, page: "files", path }),
  };
}
