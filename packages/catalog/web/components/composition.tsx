import type { RevisionTotals } from "../../server/api.js";
import { counted } from "../format.js";
import { ByteCount } from "./byte-count.js";
import { Card } from "./card.js";
import { Skeleton } from "./skeleton.js";

/** Kinds that have a colour of their own. */
const MOST = 5;

/** What a revision is made of: its bytes by kind of file. */
export function Composition({ totals }: { readonly totals: RevisionTotals | undefined }) {
  if (totals === undefined) {
    return (
      <Card title="Made of">
        <Skeleton lines={MOST} />
      </Card>
    );
  }
  const shown = totals.extensions.slice(0, MOST);
  const rest = totals.extensions.slice(MOST).reduce((sum, one) => sum + one.bytes, 0);
  const parts = shown.map(({ extension, count, bytes: size }, i) => {
    return { label: extension === "" ? "no ending" : extension, size, title: counted(count, "file"), colour: i };
  });
  if (rest > 0) parts.push({ label: "others", size: rest, title: "", colour: MOST });
  return (
    <Card title="Made of" side={<ByteCount count={totals.bytes} />}>
      <div class="card-body composition">
        <div class="bar" aria-hidden="true">
          {parts.map(({ label, size, colour }) => (
            <span
              key={label}
              class={`colour-${colour}`}
              style={{ flexGrow: Math.max(size / Math.max(1, totals.bytes), 0.004) }}
            />
          ))}
        </div>
        <ul class="legend">
          {parts.map(({ label, size, title, colour }) => (
            <li key={label} title={title}>
              <span class={`dot colour-${colour}`} aria-hidden="true" />
              <span class="mono ellipsis">{label}</span>
              <span class="muted">
                <ByteCount count={size} />
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
