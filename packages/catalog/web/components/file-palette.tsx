import { useEffect, useState } from "preact/hooks";
import type { FoundFiles } from "../../server/api.js";
import { exact, visible } from "../format.js";
import { getJson } from "../state/api-client.js";
import { type PackageRoute, packageApi, packageHref } from "../state/routes.js";
import { Palette } from "./palette.js";

/** Finds a file anywhere in the revision. */
export function FilePalette({ at, topHash }: { readonly at: PackageRoute; readonly topHash: string }) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<FoundFiles | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    const url = `${packageApi(at)}/m/${topHash}/find?limit=50&q=${encodeURIComponent(query)}`;
    // The hits before stay until these are here.
    getJson<FoundFiles>(url, { signal: controller.signal }).then(setFound, () => undefined);
    return () => controller.abort();
  }, [query, topHash]);
  const hits = (found?.paths ?? []).map((path) => {
    return { label: visible(path), href: packageHref({ ...at, page: "files", path }) };
  });
  const status = found === undefined ? "Looking…" : `${exact(found.matches)} of ${exact(found.searched)} files`;
  return <Palette label="Find a file in this revision" hits={hits} onQuery={setQuery} status={status} />;
}
