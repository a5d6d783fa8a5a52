import type { Change, ChangeKind, ComparisonPage } from "../../server/api.js";
import { bytes, counted, exact, grownBytes, visible } from "../format.js";
import type { Pair } from "../pages/compare.js";
import { query, setQuery } from "../state/location.js";
import { compareHref, packageHref } from "../state/routes.js";
import { useParts } from "../state/use-parts.js";
import { Card } from "./card.js";
import { type Column, DataGrid } from "./data-grid.js";
import { KINDS } from "./delta.js";

/** The comparison, what is known of it, and the file that is looked at. */
export interface ChangeListProps {
  readonly pair: Pair;
  readonly facts: ComparisonPage;
  readonly file: string | undefined;
}

const ROW_HEIGHT = 34;
/** More rows scroll in their card: the file that is looked at stays in sight. */
const ROWS_IN_SIGHT = 14;

/** All changes, or those of one kind. */
export function ChangeList({ pair, facts, file }: ChangeListProps) {
  const present = (Object.keys(KINDS) as ChangeKind[]).filter((one) => facts.counts[one] > 0);
  const kind = present.find((one) => one === query.value.get("kind"));
  const url = `${pair.api}${kind === undefined ? "" : `&kind=${kind}`}`;
  const { total, rowAt, want, first } = useParts<Change, ComparisonPage>(url, ({ changes }) => changes);
  const shown = total ?? facts.total;
  const choices = (
    <div class="choices" role="group" aria-label="Kind of change">
      {[undefined, ...present].map((one) => (
        <button key={one ?? "all"} type="button" aria-pressed={one === kind} onClick={() => setQuery("kind", one)}>
          {one === undefined ? "All" : `${one[0]?.toUpperCase()}${one.slice(1)}`}
        </button>
      ))}
    </div>
  );
  return (
    <Card title={counted(facts.total, "change")} class="changes">
      {present.length > 1 ? choices : null}
      <div class="change-list" style={{ height: `${(Math.min(shown, ROWS_IN_SIGHT) + 1) * ROW_HEIGHT + 2}px` }}>
        <DataGrid
          label="Changes"
          columns={columnsFor({ pair, file, kind })}
          count={shown}
          rowAt={rowAt}
          rowHeight={ROW_HEIGHT}
          onVisible={want}
          source={first}
        />
      </div>
    </Card>
  );
}

/** The comparison, the file that is looked at, and which changes are listed. */
interface Shown {
  readonly pair: Pair;
  readonly file: string | undefined;
  readonly kind: ChangeKind | undefined;
}

function columnsFor(shown: Shown): readonly Column<Change>[] {
  return [
    {
      id: "kind",
      label: <span class="unseen">Kind</span>,
      width: "40px",
      cell: ({ kind }) => (
        <span class={`sign ${KINDS[kind].tone}`} title={kind}>
          {KINDS[kind].sign}
          <span class="unseen">{kind}</span>
        </span>
      ),
    },
    { id: "path", label: "Path", width: "minmax(180px, 1fr)", cell: (change) => <Path {...shown} change={change} /> },
    {
      id: "size",
      label: "Size",
      width: "104px",
      isNumber: true,
      cell: ({ before, after }) => <Grown before={before} after={after} />,
    },
  ];
}

/** By how much the bytes grew or shrank; before and after are one hover away. */
function Grown({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  const grown = (after ?? 0) - (before ?? 0);
  const title = `${exact(before ?? 0)} → ${exact(after ?? 0)} bytes`;
  return (
    <span class={grown === 0 ? "muted number" : "number"} title={title}>
      {grown === 0 ? bytes(after ?? 0) : grownBytes(grown)}
    </span>
  );
}

function Path({ pair, change, file, kind: listed }: Shown & { readonly change: Change }) {
  const { path, from, count, kind } = change;
  const { at } = pair.context;
  if (path.endsWith("/")) {
    const side = kind === "removed" ? pair.baseAt : at;
    const { topHash } = kind === "removed" ? pair.base : pair.context.resolved;
    return (
      <a class="node-link" href={packageHref({ ...side, page: "files", revision: topHash, path })}>
        <span class="ellipsis">{visible(path)}</span>
        <span class="muted">{exact(count)} files</span>
      </a>
    );
  }
  const base = { name: pair.baseAt.name, revision: pair.base.topHash };
  const comparison = compareHref({ ...at, revision: pair.context.resolved.topHash }, base);
  const href = `${comparison}?${new URLSearchParams({ file: path, ...(listed && { kind: listed }) })}`;
  return (
    <a class="node-link" href={href} {...(path === file ? { "aria-current": "true" } : {})}>
      <span class="ellipsis" title={visible(path)}>
        {from === null ? null : <span class="muted">{visible(from)} → </span>}
        {visible(path)}
      </span>
    </a>
  );
}
