/** What a page of the catalog shows. */
export interface PagePlace {
  /** The package's name. */
  readonly name: string;
  /** Absent: latest. */
  readonly revision?: string | undefined;
  /** A file or directory; absent: the package's first page. */
  readonly path?: string | undefined;
}

/** The address of a registry's page, or of one of a package in it. */
export function pagePath(registryId: string, place?: PagePlace): string {
  if (place === undefined) return `/r/${registryId}`;
  const { name, revision, path = "" } = place;
  const at = revision === undefined ? "" : `@${encodeURIComponent(revision)}`;
  const files = path === "" ? "" : `/files/${encodePath(path)}`;
  return `/r/${registryId}/p/${encodePath(name)}${at}${files}`;
}

/** Encodes each part of a path. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
