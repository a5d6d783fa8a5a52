/** Where the reader is. Every state worth coming back to is in the address. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "packages"; readonly registry: string }
  | PackageRoute
  | { readonly page: "lost" };

/** A page of one revision. */
export interface PackageRoute {
  readonly page: "overview" | "files" | "revisions";
  readonly registry: string;
  readonly name: string;
  /** As it was written: a full or short top hash, a tag, `latest~1`; absent: latest. */
  readonly revision?: string;
  /** Path inside the package; a directory's ends in a slash, the root's is empty. */
  readonly path: string;
}

const PACKAGE = /^\/r\/([^/]+)\/p\/([^/]+)\/([^/@]+)(?:@([^/]+))?(?:\/(files|revisions)(?:\/(.*))?)?\/?$/s;

/** Reads an address. */
export function parseRoute(pathname: string): Route {
  if (pathname === "/") return { page: "home" };
  const registry = /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (registry !== undefined) return { page: "packages", registry };
  const found = PACKAGE.exec(pathname);
  if (found === null) return { page: "lost" };
  const [, id = "", ns = "", name = "", revision, page = "overview", path = ""] = found;
  const parts = { registry: id, name: `${decode(ns)}/${decode(name)}`, path: path.split("/").map(decode).join("/") };
  return {
    page: page as PackageRoute["page"],
    ...parts,
    ...(revision === undefined ? {} : { revision: decode(revision) }),
  };
}

/** What cannot be decoded is taken as it stands: no such thing will be found. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Address of a registry's packages. */
export function registryHref(registry: string): string {
  return `/r/${registry}`;
}

/** Address of a page of a package. */
export function packageHref({ registry, name, revision, page, path }: PackageRoute): string {
  const at = revision === undefined ? "" : `@${encodeURIComponent(revision)}`;
  const base = `${registryHref(registry)}/p/${encodePath(name)}${at}`;
  if (page === "overview") return base;
  return page === "revisions" ? `${base}/revisions` : `${base}/files/${encodePath(path)}`;
}

/** Encodes each part of a path. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Address, in the API, of a package. */
export function packageApi({ registry, name }: PackageRoute): string {
  return `/api/v1/r/${registry}/p/${encodePath(name)}`;
}
