/** Where the reader is. Every state worth coming back to is in the address. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "packages"; readonly registry: string }
  | PackageRoute
  /** A Quilt URI behind `/uri/`, or the path of a page of Quilt's catalog. */
  | { readonly page: "locate"; readonly text: string }
  | { readonly page: "lost" };

/** A page of one revision. */
export interface PackageRoute {
  readonly page: "overview" | "files" | "revisions" | "compare" | "metadata";
  readonly registry: string;
  readonly name: string;
  /** As it was written: a full or short top hash, a tag, `latest~1`; absent: latest. */
  readonly revision?: string;
  /** Path inside the package; a directory's ends in a slash, the root's is empty. Of a comparison: the revision before. */
  readonly path: string;
}

const PACKAGE =
  /^\/r\/([^/]+)\/p\/([^/]+)\/([^/@]+)(?:@([^/]+))?(?:\/(files|revisions|compare|metadata)(?:\/(.*))?)?\/?$/s;

/** Reads an address. */
export function parseRoute(pathname: string): Route {
  if (pathname === "/") return { page: "home" };
  const registry = /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (registry !== undefined) return { page: "packages", registry };
  return packageRoute(pathname) ?? foreignRoute(pathname) ?? { page: "lost" };
}

function packageRoute(pathname: string): Route | undefined {
  const found = PACKAGE.exec(pathname);
  if (found === null) return undefined;
  const [, id = "", ns = "", name = "", revision, page = "overview", path = ""] = found;
  const parts = { registry: id, name: `${decode(ns)}/${decode(name)}`, path: path.split("/").map(decode).join("/") };
  return {
    page: page as PackageRoute["page"],
    ...parts,
    ...(revision === undefined ? {} : { revision: decode(revision) }),
  };
}

/** What another catalog's address, or a Quilt URI, means, the server finds out. */
function foreignRoute(pathname: string): Route | undefined {
  const uri = /^\/uri\/(.+)$/s.exec(pathname)?.[1];
  if (uri !== undefined) return { page: "locate", text: decode(uri) };
  return /^\/b\/[^/]+\/packages\//.test(pathname) ? { page: "locate", text: pathname } : undefined;
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
  if (page === "files") return `${base}/files/${encodePath(path)}`;
  return path === "" ? `${base}/${page}` : `${base}/${page}/${encodePath(path)}`;
}

/** Encodes each part of a path. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Address, in the API, of a package. */
export function packageApi({ registry, name }: PackageRoute): string {
  return `/api/v1/r/${registry}/p/${encodePath(name)}`;
}
