import type { RevisionPage } from "../../server/api.js";
import { shortHash, visible } from "../format.js";
import type { Pair } from "../pages/compare.js";
import { navigate } from "../state/location.js";
import { compareHref, packageApi } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";

/** Revisions that can be picked from; the whole history has its own page. */
const MOST_PICKED = 100;

/** Chooses the revision on one side of a comparison, among those of that side's package. */
export function RevisionPicker({ pair, side }: { readonly pair: Pair; readonly side: "base" | "head" }) {
  const { context, base, baseAt } = pair;
  const { at, resolved } = context;
  const isBase = side === "base";
  const isOther = baseAt.name !== at.name;
  const { data } = useResource<RevisionPage>(`${packageApi(isBase ? baseAt : at)}/revisions?limit=${MOST_PICKED}`);
  const shown = (isBase ? base : resolved).topHash;
  const rows = new Map(data?.rows.map((row) => [row.topHash, row]));
  const onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const [head, before] = isBase ? [resolved.topHash, value] : [value, base.topHash];
    navigate(compareHref({ ...at, revision: head }, { name: baseAt.name, revision: before }));
  };
  const label = (topHash: string): string => {
    const row = rows.get(topHash);
    if (row === undefined) return shortHash(topHash);
    const words = visible(row.message ?? "").slice(0, 60);
    return `${row.time.slice(0, 10)} · ${words === "" ? "no message" : words} · ${shortHash(topHash)}`;
  };
  return (
    <label class="picker">
      <span class="muted">{isBase ? "from" : "to"}</span>
      {isOther ? <strong class="ellipsis">{visible(isBase ? baseAt.name : at.name)}</strong> : null}
      <select value={shown} onChange={onChange} aria-label={isBase ? "Revision before" : "Revision after"}>
        {rows.has(shown) ? null : <option value={shown}>{label(shown)}</option>}
        {Array.from(rows.keys(), (topHash) => (
          <option key={topHash} value={topHash}>
            {label(topHash)}
          </option>
        ))}
      </select>
    </label>
  );
}
