import { exact, visible } from "../../web/format.js";
import type { Profile } from "./profile.js";
import { rowsOfBar } from "./rows-in-sql.js";
import { SqlLink } from "./sql-link.js";

interface HistogramProps {
  readonly name: string;
  readonly profile: Profile | undefined;
  /** Address of the file. */
  readonly href: string;
}

/** The values of a column as bars; what each bar is, is one hover away, and its rows are one press away. */
export function Histogram({ name, profile, href }: HistogramProps) {
  if (profile === undefined) {
    return (
      <>
        <span class="histogram is-awaited" />
        <span class="histogram-words">…</span>
      </>
    );
  }
  const { bars, empty, count, summary } = profile;
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const share = empty === 0 ? "" : ` · ${percent(empty, count)} empty`;
  return (
    <>
      <span class="histogram" role="group" aria-label={`Values of ${visible(name)}: ${visible(summary)}${share}`}>
        {bars.map((bar) => (
          <SqlLink
            key={bar.label}
            href={href}
            statement={rowsOfBar(name, bar)}
            title={`${visible(bar.label.slice(0, 100))}: ${exact(bar.count)}`}
            isQuiet
          >
            <span style={{ height: `${bar.count === 0 ? 0 : Math.max(6, (bar.count / most) * 100)}%` }} />
          </SqlLink>
        ))}
      </span>
      <span class="histogram-words ellipsis" title={`${visible(summary)}${share}`}>
        {visible(summary)}
        {share}
      </span>
    </>
  );
}

function percent(part: number, whole: number): string {
  const share = (part / whole) * 100;
  return share < 1 ? "<1 %" : `${Math.round(share)} %`;
}
