import { visible } from "../format.js";
import { metaChanges } from "../state/meta-changes.js";
import { Card } from "./card.js";
import { KINDS } from "./delta.js";

/** Values that are shown; what is behind them is counted. */
const MOST = 200;
const LONGEST = 400;

/** Metadata before and after. */
export interface MetaChangesProps {
  readonly title: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs in metadata, a line for each value. */
export function MetaChanges({ title, before, after }: MetaChangesProps) {
  const all = metaChanges(before, after);
  return (
    <Card title={title}>
      <ul class="meta-changes">
        {all.slice(0, MOST).map(({ kind, path, before: old, after: now }) => (
          <li key={path}>
            <span class={`sign ${KINDS[kind].tone}`} title={kind}>
              {KINDS[kind].sign}
              <span class="unseen">{kind}</span>
            </span>
            <span class="json-key">{visible(path)}</span>
            {kind === "added" ? null : <del>{textOf(old)}</del>}
            {kind === "removed" ? null : <ins>{textOf(now)}</ins>}
          </li>
        ))}
      </ul>
      {all.length > MOST ? <p class="card-foot muted">and {all.length - MOST} more</p> : null}
    </Card>
  );
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value);
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
