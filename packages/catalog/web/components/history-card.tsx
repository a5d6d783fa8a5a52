import { useState } from "preact/hooks";
import type { FileHistory, FileState } from "../../server/api.js";
import { counted, exact, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import { useSeen } from "../state/use-seen.js";
import { ByteCount } from "./byte-count.js";
import { Card } from "./card.js";
import { KINDS } from "./delta.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";
import { TimeAgo } from "./time-ago.js";

/** Revisions that are looked into at once. */
const PART = 20;

interface HistoryProps {
  readonly context: PackageContext;
  readonly path: string;
}

/** In which revisions a file became another one; read when it comes into sight, part by part. */
export function HistoryCard(props: HistoryProps) {
  const [place, isSeen] = useSeen<HTMLDivElement>();
  const [parts, setParts] = useState(1);
  return (
    <Card title="History of this file">
      <div ref={place} class="history-card">
        {isSeen
          ? Array.from({ length: parts }, (_, i) => (
              <Part
                key={i}
                {...props}
                offset={i * PART}
                onMore={i === parts - 1 ? () => setParts(parts + 1) : undefined}
              />
            ))
          : null}
      </div>
    </Card>
  );
}

interface PartProps extends HistoryProps {
  readonly offset: number;
  /** Reads the next part. */
  readonly onMore: (() => void) | undefined;
}

function Part({ context, path, offset, onMore }: PartProps) {
  const url = `${packageApi(context.at)}/history?path=${encodeURIComponent(path)}&offset=${offset}&limit=${PART}`;
  const { data, problem, retry } = useResource<FileHistory>(url);
  if (problem !== undefined) return <ProblemBox problem={problem} retry={retry} />;
  if (data === undefined) return <Skeleton lines={3} />;
  const left = data.total - offset - data.read;
  return (
    <>
      <ol class="timeline">
        {data.states.map((state) => (
          <State key={`${state.time} ${state.topHash}`} context={context} path={path} state={state} />
        ))}
      </ol>
      {onMore === undefined ? null : (
        <p class="card-foot muted">
          {left > 0 ? `${exact(offset + data.read)} of ${counted(data.total, "revision")} read` : wholeText(data.total)}
          {left > 0 ? (
            <button type="button" class="link-button" onClick={onMore}>
              Look further back
            </button>
          ) : null}
        </p>
      )}
    </>
  );
}

function wholeText(total: number): string {
  return total === 1 ? "The only revision" : `All ${exact(total)} revisions read`;
}

function State({ context, path, state }: HistoryProps & { readonly state: FileState }) {
  const { kind, topHash, time, message, size, error } = state;
  const { sign, tone } = kind === "unreadable" ? { sign: "!", tone: "bad" } : KINDS[kind];
  const href = packageHref({ ...context.at, page: "files", revision: topHash, path });
  const words = visible(error ?? (message || "no message"));
  return (
    <li {...(topHash === context.resolved.topHash ? { "aria-current": "true" } : {})}>
      <span class="state-words ellipsis" title={words}>
        <span class={`sign ${tone}`} title={kind}>
          {sign}
          <span class="unseen">{kind}</span>
        </span>{" "}
        {kind === "removed" ? words : <a href={href}>{words}</a>}
      </span>
      <span class="muted">
        <TimeAgo time={time} /> {size === null ? null : <ByteCount count={size} />}
      </span>
    </li>
  );
}
