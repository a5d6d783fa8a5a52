import { unquote } from "../format/percent.js";
import { parsePhysicalKey } from "../format/physical-key.js";
import type { RegistryContext } from "./context.js";

/** The key that a physical key's object has in the registry; `undefined` when it lies elsewhere. */
export function objectKeyOf({ store }: Pick<RegistryContext, "store">, url: string): string | undefined {
  const root = store.url.endsWith("/") ? store.url : `${store.url}/`;
  if (!url.startsWith(root)) return undefined;
  return pathIn(url).slice(pathIn(root).length);
}

function pathIn(url: string): string {
  const key = parsePhysicalKey(url);
  return key.kind === "file" ? key.path : key.key;
}

/** The name behind the last slash of a physical key, also of one that is malformed. */
export function lastPartOf(url: string): string {
  const path = unquote(url.split(/[?#]/, 1)[0] ?? "");
  return path.slice(path.lastIndexOf("/") + 1);
}
