import type { RevisionRow } from "../../server/api.js";
import { CopyButton } from "../components/copy-button.js";
import { Icon } from "../components/icon.js";
import { Skeleton } from "../components/skeleton.js";
import { TimeAgo } from "../components/time-ago.js";
import { shortHash, utc, visible } from "../format.js";
import { packageHref } from "../state/routes.js";
import type { PackageContext } from "./package-page.js";

/** A package's history, newest first, a heading for each day. */
export function Revisions({ context }: { readonly context: PackageContext }) {
  const { history } = context;
  if (history === undefined) return <Skeleton lines={8} />;
  const days = new Map<string, RevisionRow[]>();
  for (const row of history) days.set(row.time.slice(0, 10), [...(days.get(row.time.slice(0, 10)) ?? []), row]);
  return (
    <div class="history">
      {Array.from(days, ([day, rows]) => (
        <section key={day} class="day">
          <h2>{new Date(day).toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" })}</h2>
          <ol class="card revisions">
            {rows.map((row) => (
              <Revision key={`${row.time} ${row.topHash}`} row={row} context={context} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Revision({ row, context }: { readonly row: RevisionRow; readonly context: PackageContext }) {
  const { at, resolved } = context;
  const isShown = row.topHash === resolved.topHash;
  return (
    <li class={isShown ? "revision is-shown" : "revision"}>
      <div class="revision-words">
        <a class="revision-title" href={packageHref({ ...at, page: "overview", path: "", revision: row.topHash })}>
          {row.message === null || row.message === "" ? "no message" : visible(row.message)}
        </a>
        <span class="muted" title={utc(new Date(row.time))}>
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
