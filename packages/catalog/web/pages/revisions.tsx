import { useState } from "preact/hooks";
import type { RevisionPage, RevisionRow } from "../../server/api.js";
import { CopyButton } from "../components/copy-button.js";
import { Delta } from "../components/delta.js";
import { Icon } from "../components/icon.js";
import { ProblemBox } from "../components/problem-box.js";
import { Skeleton } from "../components/skeleton.js";
import { TimeAgo } from "../components/time-ago.js";
import { exact, shortHash, visible } from "../format.js";
import { query } from "../state/location.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import type { PackageContext } from "./package-page.js";

/** Revisions on one page. */
const PAGE = 30;

/** One publication and the one before it. */
interface Step {
  readonly row: RevisionRow;
  readonly older: RevisionRow | undefined;
}

/** Revisions that the reader wants to compare: at most two, in the order in which they were chosen. */
interface Choice {
  readonly chosen: readonly string[];
  readonly toggle: (topHash: string) => void;
}

/** A package's history, newest first, a heading for each day. */
export function Revisions({ context }: { readonly context: PackageContext }) {
  const offset = Math.max(0, Math.floor(Number(query.value.get("from") ?? 0))) || 0;
  // One more than is shown: what the last one changed is seen against it.
  const url = `${packageApi(context.at)}/revisions?offset=${offset}&limit=${PAGE + 1}`;
  const { data, problem, retry } = useResource<RevisionPage>(url);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (topHash: string): void => {
    setChosen(chosen.includes(topHash) ? chosen.filter((one) => one !== topHash) : [...chosen, topHash].slice(-2));
  };
  if (problem !== undefined) return <ProblemBox problem={problem} retry={retry} />;
  if (data === undefined) return <Skeleton lines={8} />;
  const days = new Map<string, Step[]>();
  for (const [i, row] of data.rows.slice(0, PAGE).entries()) {
    const day = row.time.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), { row, older: data.rows[i + 1] }]);
  }
  return (
    <div class="history">
      {data.total > 1 ? <CompareBar context={context} page={data} chosen={chosen} /> : null}
      {Array.from(days, ([day, steps]) => (
        <section key={day} class="day">
          <h2>{new Date(day).toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" })}</h2>
          <ol class="card revisions">
            {steps.map((step) => (
              <Revision
                key={`${step.row.time} ${step.row.topHash}`}
                {...step}
                context={context}
                choice={data.total > 1 ? { chosen, toggle } : undefined}
              />
            ))}
          </ol>
        </section>
      ))}
      <Pager context={context} page={data} />
    </div>
  );
}

interface CompareBarProps {
  readonly context: PackageContext;
  readonly page: RevisionPage;
  readonly chosen: readonly string[];
}

/** Says how two revisions are compared, and leads there. */
function CompareBar({ context, page, chosen }: CompareBarProps) {
  const places = chosen.map((one) => page.rows.findIndex(({ topHash }) => topHash === one));
  const [newer, older] = [Math.min(...places), Math.max(...places)].map((place) => page.rows[place]?.topHash);
  const isReady = chosen.length === 2 && newer !== undefined && older !== undefined;
  const words = chosen.length === 0 ? "Choose two revisions to compare them." : "Choose one more to compare.";
  return (
    <div class="compare-bar">
      {isReady ? (
        <a class="button primary" href={packageHref({ ...context.at, page: "compare", revision: newer, path: older })}>
          Compare {shortHash(older)} with {shortHash(newer)}
        </a>
      ) : (
        <span class="muted">{words}</span>
      )}
    </div>
  );
}

function Revision({
  row,
  older,
  context,
  choice,
}: Step & { readonly context: PackageContext; readonly choice: Choice | undefined }) {
  const { at, resolved } = context;
  const isShown = row.topHash === resolved.topHash;
  const message = row.message === null || row.message === "" ? "no message" : visible(row.message);
  return (
    <li class={isShown ? "revision is-shown" : "revision"}>
      {choice === undefined ? null : (
        <input
          type="checkbox"
          aria-label={`Compare ${shortHash(row.topHash)}: ${message}`}
          checked={choice.chosen.includes(row.topHash)}
          onChange={() => choice.toggle(row.topHash)}
        />
      )}
      <div class="revision-words">
        <a class="revision-title" href={packageHref({ ...at, page: "overview", path: "", revision: row.topHash })}>
          {message}
        </a>
        <span class="muted">
          <TimeAgo time={row.time} />
        </span>
      </div>
      {row.isLatest ? <span class="chip good">latest</span> : null}
      {isShown ? <span class="chip">shown</span> : null}
      {row.tags.map((tag) => (
        <span key={tag} class="chip">
          <Icon name="tag" /> {visible(tag)}
        </span>
      ))}
      <span class="revision-delta">
        {older === undefined ? (
          <span class="muted">first revision</span>
        ) : (
          <Delta context={context} base={older.topHash} head={row.topHash} />
        )}
      </span>
      <span class="hash" title={row.topHash}>
        {shortHash(row.topHash)}
        <CopyButton text={row.topHash} what={`the top hash ${shortHash(row.topHash)}`} />
      </span>
      <a class="button" href={packageHref({ ...at, page: "files", path: "", revision: row.topHash })}>
        Files
      </a>
    </li>
  );
}

function Pager({ context, page }: { readonly context: PackageContext; readonly page: RevisionPage }) {
  const { total, offset } = page;
  if (total <= PAGE) return null;
  const href = (from: number): string =>
    `${packageHref({ ...context.at, path: "" })}${from === 0 ? "" : `?from=${from}`}`;
  return (
    <nav class="pager" aria-label="More revisions">
      {offset > 0 ? (
        <a class="button" href={href(Math.max(0, offset - PAGE))}>
          Newer
        </a>
      ) : null}
      <span class="muted">
        {exact(offset + 1)}–{exact(Math.min(total, offset + PAGE))} of {exact(total)}
      </span>
      {offset + PAGE < total ? (
        <a class="button" href={href(offset + PAGE)}>
          Older
        </a>
      ) : null}
    </nav>
  );
}
