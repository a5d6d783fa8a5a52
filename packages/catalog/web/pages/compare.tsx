import { useEffect } from "preact/hooks";
import type { ComparisonPage, Resolved, RevisionFacts } from "../../server/api.js";
import { ByteCount } from "../components/byte-count.js";
import { ChangeDetail } from "../components/change-detail.js";
import { ChangeList } from "../components/change-list.js";
import { Counts } from "../components/delta.js";
import { Empty } from "../components/empty.js";
import { Icon } from "../components/icon.js";
import { MetaChanges } from "../components/meta-changes.js";
import { ComparePalette } from "../components/package-palette.js";
import { ProblemBox } from "../components/problem-box.js";
import { RevisionPicker } from "../components/revision-picker.js";
import { Skeleton } from "../components/skeleton.js";
import { counted, exact } from "../format.js";
import { navigate, query } from "../state/location.js";
import { openOverlay, overlay } from "../state/overlay.js";
import { comparedWith, compareHref, type PackageRoute, packageApi, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import type { PackageContext } from "./package-page.js";

/** Two revisions that are compared. */
export interface Pair {
  readonly context: PackageContext;
  /** What the revision before is; the one after is that of the page. */
  readonly base: Resolved;
  /** The package of the revision before, mostly that of the page. */
  readonly baseAt: PackageRoute;
  /** Address of the comparison in the API, with parameters to which others can be added. */
  readonly api: string;
}

/** What differs between the revision of this page and another, also of another package; by default, the one before it. */
export function Compare({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const { older } = resolved;
  const wanted = comparedWith(at);
  useEffect(() => {
    if (wanted !== undefined || older === null) return;
    navigate(packageHref({ ...at, revision: resolved.topHash, path: older }) + window.location.search, {
      replace: true,
    });
  }, [at.path, older]);
  const baseAt: PackageRoute = { ...at, name: wanted?.name ?? at.name };
  const url = wanted && `${packageApi(baseAt)}/resolve?revision=${encodeURIComponent(wanted.revision ?? "latest")}`;
  const { data: base, problem, retry } = useResource<Resolved>(url);
  if (wanted === undefined && older === null) return <First context={context} />;
  if (problem !== undefined) {
    return (
      <ProblemBox problem={problem} retry={retry}>
        <a class="button" href={packageHref({ ...at, page: "revisions", path: "" })}>
          All revisions
        </a>
      </ProblemBox>
    );
  }
  if (base === undefined) return <Skeleton lines={8} />;
  const of = encodeURIComponent(baseAt.name);
  const api = `${packageApi(at)}/m/${resolved.topHash}/compare/${base.topHash}?of=${of}`;
  return (
    <>
      <Comparison key={api} pair={{ context, base, baseAt, api }} />
      {overlay.value === "compare" ? <ComparePalette at={{ ...at, revision: resolved.topHash }} /> : null}
    </>
  );
}

function First({ context }: { readonly context: PackageContext }) {
  return (
    <Empty title="There is nothing before this revision">
      <p>It is the first of this package. A comparison needs two.</p>
      <a class="button" href={packageHref({ ...context.at, page: "revisions", path: "" })}>
        All revisions
      </a>
    </Empty>
  );
}

function Comparison({ pair }: { readonly pair: Pair }) {
  const { context, base, baseAt, api } = pair;
  const { data, problem, retry } = useResource<ComparisonPage>(`${api}&limit=200`);
  const before = useResource<RevisionFacts>(`${packageApi(baseAt)}/m/${base.topHash}`);
  if (problem !== undefined) return <ProblemBox problem={problem} retry={retry} />;
  return (
    <div class="compare">
      <div class="compare-head">
        <RevisionPicker pair={pair} side="base" />
        <a
          class="icon-button framed"
          href={compareHref(
            { ...baseAt, revision: base.topHash },
            { name: context.at.name, revision: context.resolved.topHash },
          )}
          aria-label="Swap the two revisions"
          title="Swap"
        >
          <Icon name="swap" />
        </a>
        <RevisionPicker pair={pair} side="head" />
        <button type="button" class="button" onClick={() => openOverlay("compare")}>
          Another package
        </button>
        <span class="spacer" />
        {data === undefined ? null : <Sums data={data} />}
      </div>
      {data === undefined || before.data === undefined ? (
        <Awaited before={before.data?.count ?? 0} after={context.facts.count} />
      ) : null}
      {data === undefined || before.data === undefined ? null : (
        <Differences pair={pair} data={data} metaBefore={before.data.meta} />
      )}
    </div>
  );
}

/** Above so many files the reader is told what takes its time. */
const MANY_FILES = 20_000;

function Awaited({ before, after }: { readonly before: number; readonly after: number }) {
  return (
    <>
      {Math.max(before, after) > MANY_FILES ? (
        <p class="muted" role="status">
          Comparing {exact(before)} files with {exact(after)}…
        </p>
      ) : null}
      <Skeleton lines={8} />
    </>
  );
}

interface DifferencesProps {
  readonly pair: Pair;
  readonly data: ComparisonPage;
  /** The package's metadata in the revision before. */
  readonly metaBefore: unknown;
}

function Differences({ pair, data, metaBefore }: DifferencesProps) {
  const file = query.value.get("file") ?? data.changes.find(({ kind }) => kind === "modified")?.path;
  return (
    <>
      {data.directories.includes("") ? (
        <MetaChanges title="Metadata of the package" before={metaBefore} after={pair.context.facts.meta} />
      ) : null}
      {isSame(data) ? (
        <Same pair={pair} data={data} />
      ) : (
        <div class="compare-panes">
          <ChangeList pair={pair} facts={data} file={file} />
          <div class="column">
            {file === undefined ? null : <ChangeDetail key={file} pair={pair} path={file} data={data} />}
          </div>
        </div>
      )}
    </>
  );
}

function isSame({ counts }: ComparisonPage): boolean {
  return counts.added + counts.removed + counts.modified + counts.metadata + counts.moved === 0;
}

function Sums({ data }: { readonly data: ComparisonPage }) {
  return (
    <span class="compare-sums">
      <Counts counts={data.counts} />
      <span class="muted">{counted(data.counts.same, "file")} the same</span>
      <span class="muted">
        <ByteCount count={data.bytesBefore} /> → <ByteCount count={data.bytesAfter} />
      </span>
    </span>
  );
}

function Same({ pair, data }: { readonly pair: Pair; readonly data: ComparisonPage }) {
  const isIdentical = pair.base.topHash === pair.context.resolved.topHash;
  const words = data.directories.length > 0 ? "Only metadata differs." : "Only message, tags or times may differ.";
  return (
    <Empty title={isIdentical ? "Identical: both have one top hash" : "Both have the same files"}>
      <p>{isIdentical ? "A top hash stands for exactly one content." : words}</p>
      <a class="button" href={packageHref({ ...pair.context.at, page: "revisions", path: "" })}>
        Choose others
      </a>
    </Empty>
  );
}
