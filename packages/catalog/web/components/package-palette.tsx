import { useMemo, useState } from "preact/hooks";
import type { PackageList } from "../../server/api.js";
import { counted, visible } from "../format.js";
import { packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import { Palette } from "./palette.js";

const MOST = 50;

/** Finds a package of the registry. */
export function PackagePalette({ registry }: { readonly registry: string }) {
  const [query, setQuery] = useState("");
  const { data } = useResource<PackageList>(`/api/v1/r/${registry}/packages`);
  const found = useMemo(() => {
    const wanted = query.toLowerCase().trim();
    return (data?.names ?? []).filter((name) => name.toLowerCase().includes(wanted));
  }, [data, query]);
  const hits = found.slice(0, MOST).map((name) => {
    return { label: visible(name), href: packageHref({ page: "overview", registry, name, path: "" }) };
  });
  const status = data === undefined ? "Listing packages…" : counted(found.length, "package");
  return <Palette label="Find a package" hits={hits} onQuery={setQuery} status={status} />;
}
