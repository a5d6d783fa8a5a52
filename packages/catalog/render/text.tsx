import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { VirtualRows } from "../web/components/virtual-rows.js";
import { bytes, counted, exact } from "../web/format.js";
import { asProblem, type Problem } from "../web/state/api-client.js";
import { fragment } from "../web/state/location.js";
import { highlight, type Token } from "./highlight.js";
import { createLineReader } from "./line-reader.js";
import type { PreviewProps } from "./previews.js";

const ROW_HEIGHT = 21;
/** Rows before the end at which more is read. */
const AHEAD = 500;
/** Longer lines are cut, and say so. */
const LONGEST_LINE = 5000;

/** Text of any size, read as it is scrolled to, with a link for each line. */
export function View({ file }: PreviewProps) {
  const reader = useMemo(() => createLineReader(file), [file.raw]);
  const [problem, setProblem] = useState<Problem | undefined>();
  const [tokens, setTokens] = useState<readonly (readonly Token[])[]>([]);
  const [, redraw] = useState(0);
  const controller = useRef(new AbortController());
  const more = (): void => {
    reader.more(controller.current.signal).then(
      () => redraw((count) => count + 1),
      (error: unknown) => {
        if (!controller.current.signal.aborted) setProblem(asProblem(error));
      },
    );
  };
  useEffect(() => {
    controller.current = new AbortController();
    more();
    return () => controller.current.abort();
  }, [reader]);
  const { lines, isAtEnd, bytesRead } = reader;
  useEffect(() => {
    if (bytesRead > 0) return highlight(file.path, lines.join("\n"), setTokens);
    return undefined;
  }, [reader, bytesRead > 0]);
  const [first, last] = selectedLines(fragment.value);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (bytesRead === 0 && !isAtEnd) return <Skeleton lines={12} />;
  if (isAtEnd && bytesRead === 0) return <p class="empty">This file is empty.</p>;
  const width = `${String(lines.length).length + 1}ch`;
  return (
    <>
      <VirtualRows
        class="text-view"
        count={lines.length}
        rowHeight={ROW_HEIGHT}
        focus={first === undefined ? undefined : Math.min(first, lines.length) - 1}
        onVisible={(_, end) => {
          if (end > lines.length - AHEAD) more();
        }}
        attributes={{ role: "table", "aria-label": "Text", tabIndex: 0, "aria-rowcount": isAtEnd ? lines.length : -1 }}
        row={(index) => {
          const isChosen = first !== undefined && index + 1 >= first && index + 1 <= (last ?? first);
          return (
            <div
              key={index}
              class={isChosen ? "text-row is-chosen" : "text-row"}
              role="row"
              aria-rowindex={index + 1}
              style={{ height: `${ROW_HEIGHT}px` }}
            >
              <span class="line-number" role="cell" style={{ width }}>
                <a href={`#L${index + 1}`} tabIndex={-1} aria-label={`Line ${index + 1}`}>
                  {index + 1}
                </a>
              </span>
              <span class="line" role="cell">
                <Line text={lines[index] ?? ""} tokens={tokens[index]} />
              </span>
            </div>
          );
        }}
      />
      <p class="view-foot">
        <span>{isAtEnd ? counted(lines.length, "line") : `${exact(lines.length)} lines so far`}</span>
        {isAtEnd ? null : (
          <span>
            read {bytes(bytesRead)} of {bytes(file.size)}
          </span>
        )}
      </p>
    </>
  );
}

function Line({ text, tokens }: { readonly text: string; readonly tokens: readonly Token[] | undefined }) {
  if (text.length > LONGEST_LINE) {
    return (
      <>
        {text.slice(0, LONGEST_LINE)}
        <span class="chip">{exact(text.length - LONGEST_LINE)} more characters</span>
      </>
    );
  }
  if (tokens === undefined) return <>{text}</>;
  return (
    <>
      {tokens.map(([scope, part], i) =>
        scope === "" ? (
          part
        ) : (
          <span key={i} class={`hl-${scope}`}>
            {part}
          </span>
        ),
      )}
    </>
  );
}

/** `L10` or `L10-L20`. */
function selectedLines(hash: string): readonly [number | undefined, number | undefined] {
  const [, first, last] = /^L(\d+)(?:-L?(\d+))?$/.exec(hash) ?? [];
  return [first === undefined ? undefined : Number(first), last === undefined ? undefined : Number(last)];
}
