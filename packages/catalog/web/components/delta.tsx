import type { ChangeKind, ComparisonPage } from "../../server/api.js";
import { counted, exact, grownBytes } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import { useSeen } from "../state/use-seen.js";

/** Each kind of change: its sign, its colour, and its word. */
export const KINDS: Readonly<
  Record<ChangeKind, { readonly sign: string; readonly tone: string; readonly word: string }>
> = {
  added: { sign: "+", tone: "good", word: "added" },
  removed: { sign: "−", tone: "bad", word: "removed" },
  modified: { sign: "~", tone: "warn", word: "modified" },
  metadata: { sign: "≈", tone: "warn", word: "with other metadata" },
  moved: { sign: "→", tone: "", word: "moved" },
};

/** How many files changed, by kind; the words are one hover away. */
export function Counts({ counts }: { readonly counts: ComparisonPage["counts"] }) {
  const kinds = Object.entries(KINDS).filter(([kind]) => counts[kind as ChangeKind] > 0);
  if (kinds.length === 0) return <span class="muted">same files</span>;
  return (
    <span class="counts">
      {kinds.map(([kind, { sign, tone, word }]) => (
        <span key={kind} class={`chip ${tone}`} title={`${counted(counts[kind as ChangeKind], "file")} ${word}`}>
          {sign}
          {exact(counts[kind as ChangeKind])}
          <span class="unseen"> {word}</span>
        </span>
      ))}
    </span>
  );
}

/** Which two revisions. */
export interface DeltaProps {
  readonly context: PackageContext;
  readonly base: string;
  readonly head: string;
}

/** What changed from one revision to the next, as a link to the whole comparison; asked for when it comes into sight. */
export function Delta({ context, base, head }: DeltaProps) {
  const { at } = context;
  const [place, isSeen] = useSeen<HTMLSpanElement>();
  const url = `${packageApi(at)}/m/${head}/compare/${base}?limit=0`;
  const { data, problem } = useResource<ComparisonPage>(isSeen ? url : undefined);
  const href = packageHref({ ...at, page: "compare", revision: head, path: base });
  if (problem !== undefined) return <span class="muted">cannot be compared</span>;
  if (data === undefined) return <span ref={place} class="bone delta-bone" />;
  const grown = data.bytesAfter - data.bytesBefore;
  return (
    <a class="delta" href={href} title="Compare with the revision before">
      <Counts counts={data.counts} />
      {grown === 0 ? null : (
        <span class="muted number" title={`${exact(data.bytesBefore)} → ${exact(data.bytesAfter)} bytes`}>
          {grownBytes(grown)}
        </span>
      )}
    </a>
  );
}
