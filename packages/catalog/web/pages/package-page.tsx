import { useEffect, useRef } from "preact/hooks";
import type { RegistryRow, Resolved, RevisionFacts, RevisionTotals } from "../../server/api.js";
import { FilePalette } from "../components/file-palette.js";
import { lazyPart } from "../components/lazy-part.js";
import { PackageHead, PackageHeadBones, PackageTitle } from "../components/package-head.js";
import { ProblemBox } from "../components/problem-box.js";
import { Skeleton } from "../components/skeleton.js";
import { navigate } from "../state/location.js";
import { openOverlay, overlay } from "../state/overlay.js";
import { type PackageRoute, packageApi, packageHref, registryHref } from "../state/routes.js";
import { useShortcuts } from "../state/shortcuts.js";
import { copy } from "../state/toast.js";
import { type Resource, useResource } from "../state/use-resource.js";
import { useTitle } from "../state/use-title.js";
import { Files } from "./files.js";
import { Overview } from "./overview.js";

const Revisions = lazyPart<PageProps>(async () => (await import("./revisions.js")).Revisions);
const Compare = lazyPart<PageProps>(async () => (await import("./compare.js")).Compare);
const Metadata = lazyPart<PageProps>(async () => (await import("./metadata.js")).Metadata);

/** What a page of a package is given. */
export interface PageProps {
  readonly context: PackageContext;
}

/** What every page of a package knows. */
export interface PackageContext {
  readonly at: PackageRoute;
  readonly registry: RegistryRow | undefined;
  readonly resolved: Resolved;
  readonly facts: RevisionFacts;
  /** Absent while they are added up. */
  readonly totals: RevisionTotals | undefined;
}

/** A page of one revision of a package: head, tabs and what the tab shows. */
export function PackagePage({
  at,
  registry,
}: {
  readonly at: PackageRoute;
  readonly registry: RegistryRow | undefined;
}) {
  const api = packageApi(at);
  const { data: resolved, problem, retry } = useResolved(at);
  const facts = useResource<RevisionFacts>(resolved && `${api}/m/${resolved.topHash}`);
  const totals = useResource<RevisionTotals>(resolved && `${api}/m/${resolved.topHash}/totals`);
  useTitle(...(at.path === "" ? [] : [at.path]), at.name);
  useEffect(() => {
    // A short hash is as good as the whole one only today: the address takes the one that lasts.
    const isShort = at.revision !== undefined && /^[0-9a-f]{6,63}$/.test(at.revision);
    if (resolved?.topHash.startsWith(at.revision ?? "-") === true && isShort) {
      navigate(packageHref({ ...at, revision: resolved.topHash }) + window.location.search, { replace: true });
    }
  }, [resolved, at]);

  const failed = problem ?? facts.problem;
  if (failed !== undefined) {
    return (
      <main id="main" class="page narrow">
        <PackageTitle name={at.name} />
        <ProblemBox problem={failed} retry={problem === undefined ? facts.retry : retry}>
          {at.revision === undefined ? null : (
            <a class="button" href={packageHref({ page: "overview", registry: at.registry, name: at.name, path: "" })}>
              Latest revision
            </a>
          )}
          <a class="button" href={registryHref(at.registry)}>
            All packages
          </a>
        </ProblemBox>
      </main>
    );
  }
  if (resolved === undefined || facts.data === undefined) {
    return (
      <main id="main" class={classOf(at)}>
        <PackageHeadBones at={at} />
        <Skeleton lines={8} />
      </main>
    );
  }
  return (
    <main id="main" class={classOf(at)}>
      <Loaded context={{ at, registry, resolved, facts: facts.data, totals: totals.data }} />
    </main>
  );
}

/** What the address means. */
function useResolved(at: PackageRoute): Resource<Resolved> {
  const wanted = at.revision === undefined ? "" : `?revision=${encodeURIComponent(at.revision)}`;
  const answer = useResource<Resolved>(`${packageApi(at)}/resolve${wanted}`);
  const last = useRef<Resolved>(undefined);
  last.current = answer.data ?? last.current;
  if (answer.data !== undefined || last.current?.topHash !== at.revision) return answer;
  // The address that lasts is of what is shown: nothing is read anew, and what was written stays.
  return { ...answer, data: last.current };
}

function classOf({ page }: PackageRoute): string {
  return page === "files" ? "page fill package" : "page package";
}

function Loaded({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const permalink = packageHref({ ...at, revision: resolved.topHash });
  const go = (page: PackageRoute["page"]) => () => navigate(packageHref({ ...at, page, path: "" }));
  const step = (topHash: string | null) => (): void => {
    if (topHash !== null) navigate(packageHref({ ...at, path: at.page === "files" ? at.path : "", revision: topHash }));
  };
  useShortcuts({
    t: () => openOverlay("files"),
    y: () => {
      const href = permalink + window.location.search + window.location.hash;
      navigate(href, { replace: true });
      void copy(window.location.href, "the permanent link");
    },
    "g o": go("overview"),
    "g f": go("files"),
    "g r": go("revisions"),
    "g c": go("compare"),
    "g m": go("metadata"),
    "[": step(resolved.older),
    "]": step(resolved.newer),
  });
  return (
    <>
      <PackageHead context={context} />
      {at.page === "overview" ? <Overview context={context} /> : null}
      {at.page === "files" ? <Files context={context} /> : null}
      {at.page === "revisions" ? <Revisions context={context} /> : null}
      {at.page === "compare" ? <Compare context={context} /> : null}
      {at.page === "metadata" ? <Metadata context={context} /> : null}
      {overlay.value === "files" ? <FilePalette at={at} topHash={resolved.topHash} /> : null}
    </>
  );
}
