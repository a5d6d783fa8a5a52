import { useEffect, useState } from "preact/hooks";
import type { PackageHit, SearchLine } from "../../server/api.js";
import { request } from "./api-client.js";
import { linesOf } from "./lines.js";

/** What a search by message and metadata has found so far. */
export interface PackageSearch {
  readonly hits: ReadonlyMap<string, PackageHit>;
  /** Packages that were looked at, and all; absent: nothing is searched. */
  readonly progress?: { readonly searched: number; readonly total: number };
}

const NONE: PackageSearch = { hits: new Map() };
/** Nobody types so fast that this is felt, and most people type faster than this. */
const REST_MS = 200;

/** Searches the packages of a registry as one types; hits appear as they are found. */
export function usePackageSearch(registry: string, text: string): PackageSearch {
  const [found, setFound] = useState<PackageSearch>(NONE);
  useEffect(() => {
    setFound(NONE);
    if (text.trim().length < 2) return undefined;
    const controller = new AbortController();
    const search = async (): Promise<void> => {
      const url = `/api/v1/r/${registry}/search?q=${encodeURIComponent(text)}`;
      const { body } = await request(url, { signal: controller.signal });
      const hits = new Map<string, PackageHit>();
      if (body === null) return;
      for await (const line of linesOf(body)) {
        const result = JSON.parse(line) as SearchLine;
        if ("name" in result) hits.set(result.name, result);
        else setFound({ hits: new Map(hits), progress: result });
      }
    };
    // The list by names is there; what else is wrong, the next request says.
    const timer = setTimeout(() => void search().catch(() => undefined), REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [registry, text]);
  return found;
}
