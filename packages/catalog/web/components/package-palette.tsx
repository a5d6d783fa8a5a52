import { useEffect, useMemo, useState } from "preact/hooks";
import type { Located, PackageList } from "../../server/api.js";
import { counted, visible } from "../format.js";
import { getJson } from "../state/api-client.js";
import { compareHref, type PackageRoute, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import { type Hit, Palette } from "./palette.js";

const MOST = 50;

/** Finds a package of the registry, and goes where a pasted top hash, URI or link leads. */
export function PackagePalette({ registry }: { readonly registry: string }) {
  const [query, setQuery] = useState("");
  const { hits, status } = usePackages(registry, query, (name) =>
    packageHref({ page: "overview", registry, name, path: "" }),
  );
  const place = useLocated(query.trim(), registry);
  const all = place === undefined ? hits : [{ label: visible(place.label), href: place.href }, ...hits];
  return (
    <Palette
      label="Find a package"
      hint="a name, top hash, quilt+ URI or catalog link"
      hits={all}
      onQuery={setQuery}
      status={place === undefined ? status : "Enter goes there"}
    />
  );
}

/** Finds the package that a revision is to be compared with. */
export function ComparePalette({ at }: { readonly at: PackageRoute }) {
  const [query, setQuery] = useState("");
  const { hits, status } = usePackages(at.registry, query, (name) => compareHref(at, { name }));
  return <Palette label="Compare with a package" hits={hits} onQuery={setQuery} status={status} />;
}

function usePackages(
  registry: string,
  query: string,
  hrefOf: (name: string) => string,
): { readonly hits: readonly Hit[]; readonly status: string } {
  const { data } = useResource<PackageList>(`/api/v1/r/${registry}/packages`);
  const found = useMemo(() => {
    const wanted = query.toLowerCase().trim();
    return (data?.names ?? []).filter((name) => name.toLowerCase().includes(wanted));
  }, [data, query]);
  return {
    hits: found.slice(0, MOST).map((name) => ({ label: visible(name), href: hrefOf(name) })),
    status: data === undefined ? "Listing packages…" : counted(found.length, "package"),
  };
}

/** Texts that may lead somewhere by themselves. */
const PLACE = /^(?:quilt\+|https?:\/\/|[0-9a-f]{8,64}$)|^[^/\s]+\/[^/\s@]+[@/]./;
const REST_MS = 150;

function useLocated(text: string, registry: string): Located | undefined {
  const [found, setFound] = useState<{ readonly text: string; readonly place: Located } | undefined>();
  useEffect(() => {
    if (!PLACE.test(text)) return undefined;
    const controller = new AbortController();
    const url = `/api/v1/locate?registry=${registry}&q=${encodeURIComponent(text)}`;
    const timer = setTimeout(() => {
      // What leads nowhere is no hit.
      getJson<Located>(url, { signal: controller.signal }).then(
        (place) => setFound({ text, place }),
        () => undefined,
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, registry]);
  return found?.text === text ? found.place : undefined;
}
