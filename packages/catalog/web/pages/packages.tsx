import { useMemo } from "preact/hooks";
import type { PackageHit, PackageList, PackageSummary, RegistryRow, SummaryResult } from "../../server/api.js";
import { ByteCount } from "../components/byte-count.js";
import { CopyButton } from "../components/copy-button.js";
import { type Column, DataGrid } from "../components/data-grid.js";
import { Empty } from "../components/empty.js";
import { Icon } from "../components/icon.js";
import { ProblemBox } from "../components/problem-box.js";
import { Skeleton } from "../components/skeleton.js";
import { pushCommand } from "../components/snippets.js";
import { TimeAgo } from "../components/time-ago.js";
import { counted, exact, visible } from "../format.js";
import type { Problem } from "../state/api-client.js";
import { query, setQuery } from "../state/location.js";
import { packageHref } from "../state/routes.js";
import { type PackageSearch, usePackageSearch } from "../state/use-package-search.js";
import { useResource } from "../state/use-resource.js";
import { useSummaries } from "../state/use-summaries.js";
import { useTitle } from "../state/use-title.js";

interface Row {
  readonly name: string;
  /** Why it fits a search, where its name does not say. */
  readonly hit: PackageHit | undefined;
  readonly summary: SummaryResult | undefined;
}

/** All packages of a registry. */
export function Packages({ id, registry }: { readonly id: string; readonly registry: RegistryRow | undefined }) {
  const label = registry?.label ?? "Packages";
  useTitle(label);
  const { data, problem, retry } = useResource<PackageList>(`/api/v1/r/${id}/packages`);
  const wanted = query.value.get("q") ?? "";
  const search = usePackageSearch(id, wanted);
  const names = useMemo(() => fitting(data, wanted, search), [data, wanted, search]);
  return (
    <main id="main" class="page fill">
      <div class="page-head">
        <h1>{visible(label)}</h1>
        <span class="muted" role="status">
          {countText(names.length, data?.names)}
          {searchText(search)}
        </span>
        {problem === undefined ? <Filter wanted={wanted} /> : null}
      </div>
      {problem !== undefined && registry === undefined ? null : <Place registry={registry} />}
      {problem === undefined ? null : <Unlisted problem={problem} retry={retry} />}
      {data === undefined && problem === undefined ? <Skeleton /> : null}
      {data === undefined ? null : <List id={id} names={names} wanted={wanted} registry={registry} search={search} />}
    </main>
  );
}

/** Names that hold what is wanted, and those of packages whose message or metadata does. */
function fitting(list: PackageList | undefined, wanted: string, { hits }: PackageSearch): readonly string[] {
  const lower = wanted.toLowerCase().trim();
  return (list?.names ?? []).filter((name) => name.toLowerCase().includes(lower) || hits.has(name));
}

function Unlisted(what: { readonly problem: Problem; readonly retry: () => void }) {
  return (
    <ProblemBox {...what}>
      <a class="button" href="/">
        All registries
      </a>
    </ProblemBox>
  );
}

function Filter({ wanted }: { readonly wanted: string }) {
  return (
    <label class="filter">
      <Icon name="search" />
      <input
        type="search"
        placeholder="Name, message or metadata"
        title="Words of names, messages and metadata; key=value for one value of metadata"
        aria-label="Filter packages by name, message or metadata"
        value={wanted}
        onInput={(event) => setQuery("q", (event.target as HTMLInputElement).value)}
      />
    </label>
  );
}

interface ListProps {
  readonly id: string;
  readonly names: readonly string[];
  readonly wanted: string;
  readonly registry: RegistryRow | undefined;
  readonly search: PackageSearch;
}

function List({ id, names, wanted, registry, search }: ListProps) {
  const { summaryOf, want } = useSummaries(id);
  const columns = useMemo(() => columnsFor(id), [id]);
  const rowAt = (index: number): Row | undefined => {
    const name = names[index];
    return name === undefined ? undefined : { name, summary: summaryOf(name), hit: search.hits.get(name) };
  };
  const isSearching = search.progress !== undefined && search.progress.searched < search.progress.total;
  if (names.length === 0 && isSearching) return <Skeleton />;
  if (names.length === 0) return <Nothing wanted={wanted} location={registry?.location} />;
  return (
    <DataGrid
      label="Packages"
      class="card fill"
      columns={columns}
      count={names.length}
      rowAt={rowAt}
      rowHeight={44}
      headHeight={36}
      onVisible={(first, last) => want(names.slice(first, last))}
    />
  );
}

function countText(shown: number, names: readonly string[] = []): string {
  const all = names.length;
  if (all === 0) return "";
  return shown === all ? counted(all, "package") : `${exact(shown)} of ${counted(all, "package")}`;
}

function searchText({ progress }: PackageSearch): string {
  if (progress === undefined || progress.searched === progress.total) return "";
  return `, ${exact(progress.searched)} searched`;
}

/** Where the registry lies; its line is there before that is known, so that nothing moves. */
function Place({ registry }: { readonly registry: RegistryRow | undefined }) {
  if (registry === undefined) {
    return (
      <p class="place">
        <span class="bone" />
      </p>
    );
  }
  const path = registry.location === "local" ? registry.url : registry.location;
  return (
    <p class="place muted">
      <span class="mono ellipsis">{visible(path)}</span>
      <CopyButton text={path} what="the registry's place" />
    </p>
  );
}

function columnsFor(registry: string): readonly Column<Row>[] {
  const cell = (show: (summary: PackageSummary) => preact.ComponentChildren) => (row: Row) => {
    if (row.summary === undefined) return <span class="bone" />;
    return "error" in row.summary ? "—" : show(row.summary);
  };
  return [
    {
      id: "name",
      label: "Name",
      width: "minmax(180px, 1.2fr)",
      cell: ({ name }) => <NameLink registry={registry} name={name} />,
    },
    {
      id: "message",
      label: "Latest revision",
      width: "minmax(0, 2fr)",
      isExtra: true,
      cell: ({ summary, hit }) => {
        if (hit?.where === "metadata") return <Found text={hit.text} />;
        return summary === undefined ? <span class="bone" /> : <Message summary={summary} />;
      },
    },
    {
      id: "files",
      label: "Files",
      width: "90px",
      isNumber: true,
      isExtra: true,
      cell: cell(({ count }) => exact(count)),
    },
    { id: "size", label: "Size", width: "100px", isNumber: true, cell: cell((row) => <ByteCount count={row.bytes} />) },
    {
      id: "revisions",
      label: "Revisions",
      width: "100px",
      isNumber: true,
      isExtra: true,
      cell: cell(({ revisions }) => exact(revisions)),
    },
    {
      id: "time",
      label: "Published",
      width: "140px",
      cell: cell(({ time }) => (time === null ? "—" : <TimeAgo time={time} />)),
    },
  ];
}

/** The value of metadata that was found. */
function Found({ text }: { readonly text: string }) {
  return (
    <span class="found ellipsis" title={visible(text)}>
      <span class="chip">metadata</span> <span class="mono">{visible(text)}</span>
    </span>
  );
}

function NameLink({ registry, name }: { readonly registry: string; readonly name: string }) {
  const [ns, last] = name.split("/");
  return (
    <a class="package-link" href={packageHref({ page: "overview", registry, name, path: "" })}>
      <Icon name="box" />
      <span class="ellipsis">
        <span class="muted">{visible(ns ?? "")}/</span>
        <strong>{visible(last ?? "")}</strong>
      </span>
    </a>
  );
}

function Message({ summary }: { readonly summary: SummaryResult }) {
  if ("error" in summary) {
    return (
      <span class="bad ellipsis" title={summary.error.hint}>
        {visible(summary.error.message)}
      </span>
    );
  }
  if (summary.message === null || summary.message === "") return <span class="muted">no message</span>;
  return (
    <span class="ellipsis" title={visible(summary.message)}>
      {visible(summary.message)}
    </span>
  );
}

function Nothing({ wanted, location }: { readonly wanted: string; readonly location: string | undefined }) {
  if (wanted !== "") {
    return (
      <Empty title={`No package matches “${visible(wanted)}”`}>
        <p>Searched were names, messages and metadata of the latest revisions.</p>
        <button type="button" class="button" onClick={() => setQuery("q", undefined)}>
          Clear the filter
        </button>
      </Empty>
    );
  }
  const command = pushCommand({ name: "demo/hello", location: location ?? "" }, '-m "First version"');
  return (
    <Empty title="This registry has no packages yet" command={command}>
      <p>Publish a directory to it:</p>
    </Empty>
  );
}
