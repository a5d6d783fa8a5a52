import type { RevisionPage } from "../../server/api.js";
import { Card } from "../components/card.js";
import { Composition } from "../components/composition.js";
import { DirectoryList } from "../components/directory-list.js";
import { hasMembers, MetaTree } from "../components/meta-tree.js";
import { NoFiles } from "../components/no-files.js";
import { Readme } from "../components/readme.js";
import { Skeleton } from "../components/skeleton.js";
import { Summary } from "../components/summary.js";
import { TimeAgo } from "../components/time-ago.js";
import { UseCard } from "../components/use-card.js";
import { exact, visible } from "../format.js";
import { packageApi, packageHref } from "../state/routes.js";
import { targetOf } from "../state/target.js";
import { useResource } from "../state/use-resource.js";
import type { PackageContext } from "./package-page.js";

/** What a revision is: its readme, what it is made of, how to get it. */
export function Overview({ context }: { readonly context: PackageContext }) {
  const { facts, totals } = context;
  return (
    <div class="columns">
      <div class="column">
        {facts.count === 0 ? (
          <NoFiles context={context} />
        ) : (
          <DirectoryList
            context={context}
            path=""
            most={12}
            below={({ readme, summary }) => (
              <>
                {readme === null ? null : <Readme context={context} path={readme} />}
                {summary === null ? null : <Summary context={context} path={summary} />}
                {readme === null ? <p class="muted hint">A README.md in the package would be shown here.</p> : null}
              </>
            )}
          />
        )}
      </div>
      <aside class="column side">
        <UseCard target={targetOf(context)} />
        {facts.count === 0 ? null : <Composition totals={totals} />}
        <Card title="Metadata">
          <div class="card-body">
            {hasMembers(facts.meta) ? <MetaTree value={facts.meta} /> : <span class="muted">none</span>}
          </div>
        </Card>
        <Recent context={context} />
      </aside>
    </div>
  );
}

/** Revisions in the short list. */
const MOST = 5;

function Recent({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const { data } = useResource<RevisionPage>(`${packageApi(at)}/revisions?limit=${MOST}`);
  const all = <a href={packageHref({ ...at, page: "revisions", path: "" })}>All {exact(resolved.revisions)}</a>;
  return (
    <Card title="Recent revisions" side={all}>
      {data === undefined ? <Skeleton lines={Math.min(MOST, resolved.revisions)} /> : null}
      <ol class="timeline">
        {data?.rows.map((row) => (
          <li
            key={`${row.time} ${row.topHash}`}
            {...(row.topHash === resolved.topHash ? { "aria-current": "true" } : {})}
          >
            <a href={packageHref({ ...at, revision: row.topHash })} class="ellipsis">
              {visible(row.message ?? "no message")}
            </a>
            <span class="muted">
              <TimeAgo time={row.time} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
