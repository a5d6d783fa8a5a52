import { useEffect, useState } from "preact/hooks";
import { DESCRIPTION, PREVIEWS } from "../../render/previews.js";
import { readAtMost } from "../../render/read-bytes.js";
import { resolveName } from "../../render/resolve-path.js";
import type { EntryFacts } from "../../server/api.js";
import { visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { asProblem, Problem } from "../state/api-client.js";
import { packageApi } from "../state/routes.js";
import { readSummary, type SummaryItem } from "../state/summary-file.js";
import { previewFile } from "../state/target.js";
import { useFitting } from "../state/use-fitting.js";
import { useResource } from "../state/use-resource.js";
import { useSeen } from "../state/use-seen.js";
import { Card } from "./card.js";
import { Lazy } from "./lazy.js";
import { lazyPart } from "./lazy-part.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** Larger files of this name are no summary. */
const MOST_BYTES = 1 << 20;

const Description = lazyPart<{ readonly text: string; readonly file: ReturnType<typeof previewFile> }>(DESCRIPTION);

interface SummaryProps {
  readonly context: PackageContext;
  /** Path of the `quilt_summarize.json`. */
  readonly path: string;
}

/** The files that a package's author put forward, at exactly this revision. */
export function Summary({ context, path }: SummaryProps) {
  const { rows, problem } = useSummary({ context, path });
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (rows === undefined) return <Skeleton lines={5} />;
  return (
    <>
      {rows.map((row, i) => (
        <div key={i} class="summary-row">
          {row.map((item, j) => (
            <Item key={j} context={context} from={path} item={item} />
          ))}
        </div>
      ))}
    </>
  );
}

function useSummary({ context, path }: SummaryProps): {
  readonly rows?: readonly (readonly SummaryItem[])[];
  readonly problem?: Problem;
} {
  const [state, setState] = useState<{ rows?: readonly (readonly SummaryItem[])[]; problem?: Problem }>({});
  const file = previewFile(context, { path, size: null });
  useEffect(() => {
    const controller = new AbortController();
    readAtMost(file, { most: MOST_BYTES, signal: controller.signal }).then(
      (bytes) => setState(parse(bytes, path)),
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ problem: asProblem(error) });
      },
    );
    return () => controller.abort();
  }, [file.raw]);
  return state;
}

function parse(bytes: Uint8Array, path: string): { rows?: readonly (readonly SummaryItem[])[]; problem?: Problem } {
  const hint = `Look at ${path} to see what it says.`;
  const problem = new Problem({ code: "MalformedJson", message: `${path} is no summary.`, hint });
  try {
    const rows = readSummary(JSON.parse(new TextDecoder().decode(bytes)) as unknown);
    return rows === undefined ? { problem } : { rows };
  } catch {
    return { problem };
  }
}

interface ItemProps {
  readonly context: PackageContext;
  readonly from: string;
  readonly item: SummaryItem;
}

/** One file; read when it comes into sight. */
function Item({ context, from, item }: ItemProps) {
  const [place, isSeen] = useSeen<HTMLDivElement>();
  const path = resolveName(from, item.path) ?? "";
  const file = previewFile(context, { path, size: null });
  const title = (
    <a class="quiet" href={file.hrefOf(path)}>
      {visible(item.title ?? item.path)}
    </a>
  );
  return (
    <div ref={place} class="summary-item" style={item.width === undefined ? {} : { "--share": `0 1 ${item.width}` }}>
      <Card title={title}>
        {item.description === undefined ? null : <Description text={item.description} file={file} />}
        {isSeen ? <Content context={context} path={path} item={item} /> : <Skeleton lines={4} />}
      </Card>
    </div>
  );
}

interface ContentProps {
  readonly context: PackageContext;
  readonly path: string;
  readonly item: SummaryItem;
}

function Content({ context, path, item }: ContentProps) {
  const { at, resolved } = context;
  const url = `${packageApi(at)}/m/${resolved.topHash}/entry?path=${encodeURIComponent(path)}`;
  const { data, problem } = useResource<EntryFacts>(url);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (data === undefined) return <Skeleton lines={4} />;
  return <Shown context={context} entry={data} item={item} />;
}

interface ShownProps {
  readonly context: PackageContext;
  readonly entry: EntryFacts;
  readonly item: SummaryItem;
}

function Shown({ context, entry, item }: ShownProps) {
  const file = previewFile(context, entry);
  const { fitting, guess } = useFitting(file);
  const preview = PREVIEWS.find(({ id }) => id === item.preview) ?? fitting[0];
  if (guess.problem !== undefined) return <ProblemBox problem={guess.problem} />;
  if (preview === undefined) return <Skeleton lines={4} />;
  return (
    <div class="view">
      <Lazy preview={preview} file={file} />
    </div>
  );
}
