import nodePath, { basename, dirname, join, sep } from "node:path";
import { wayBelow } from "../base/way-below.js";
import { unquote } from "../format/percent.js";
import { parsePhysicalKey } from "../format/physical-key.js";
import { realPath } from "../store/file/local-file.js";
import type { Store } from "../store/store.js";

/** The key that a physical key's object has in a registry, as far as its text tells; `undefined` when it lies elsewhere. */
export function objectKeyOf({ store }: { readonly store: Store }, url: string): string | undefined {
  const root = store.url.endsWith("/") ? store.url : `${store.url}/`;
  if (!url.startsWith(root)) return undefined;
  return pathIn(url).slice(pathIn(root).length);
}

function pathIn(url: string): string {
  const key = parsePhysicalKey(url);
  return key.kind === "file" ? key.path : key.key;
}

/** Finds the key that a local file has in a registry; `undefined` for one that lies elsewhere. */
export type KeyFinder = (path: string) => string | undefined;

/** Finds keys also of files that are named through links. Costs one look per directory. */
export function keyFinder(store: Store): KeyFinder {
  const root = parsePhysicalKey(store.url);
  if (store.localPath === undefined || root.kind !== "file") return () => undefined;
  const known = new Map<string, string>();
  const realOf = (directory: string): string => {
    const real = known.get(directory) ?? realPath(directory);
    known.set(directory, real);
    return real;
  };
  return (path) => {
    const way = wayBelow(join(realOf(dirname(path)), basename(path)), realOf(root.path), nodePath);
    return way === undefined || way === "" ? undefined : way.replaceAll(sep, "/");
  };
}

/** The name behind the last slash of a physical key, also of one that is malformed. */
export function lastPartOf(url: string): string {
  const path = unquote(url.split(/[?#]/, 1)[0] ?? "");
  return path.slice(path.lastIndexOf("/") + 1);
}
