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
  /**
   * Path inside the package; a directory's ends in a slash, the root's is empty. Of a comparison: what it is compared with,
   * a revision, or `author/package` with or without `@` and its revision.
   */
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

/** What a comparison stands on. */
export interface Compared {
  readonly name: string;
  /** Absent: latest. */
  readonly revision?: string;
}

/** What the revision of a page is compared with; `undefined` where its address leaves that open. */
export function comparedWith({ name, path }: PackageRoute): Compared | undefined {
  if (path === "") return undefined;
  const [, other, revision] = /^([^/@]+\/[^/@]+)(?:@(.+))?$/s.exec(path) ?? [];
  if (other === undefined) return { name, revision: path };
  return { name: other, ...(revision === undefined ? {} : { revision }) };
}

/** Address of the comparison of a revision with another one, or with one of another package. */
export function compareHref(at: PackageRoute, { name, revision }: Compared): string {
  const other = revision === undefined ? name : `${name}@${revision}`;
  const isOwn = name === at.name && revision !== undefined;
  return packageHref({ ...at, page: "compare", path: isOwn ? revision : other });
}

/** Encodes each part of a path. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Address, in the API, of a package. */
export function packageApi({ registry, name }: PackageRoute): string {
  return `/api/v1/r/${registry}/p/${encodePath(name)}`;
}
