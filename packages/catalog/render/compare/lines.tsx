import { ProblemBox } from "../../web/components/problem-box.js";
import { VirtualRows } from "../../web/components/virtual-rows.js";
import { Working } from "../../web/components/work-bar.js";
import { counted } from "../../web/format.js";
import type { CompareProps } from "../comparators.js";
import type { DiffLine } from "./text-diff.js";
import { usePair } from "./use-pair.js";

const ROW_HEIGHT = 21;
const LONGEST_LINE = 2000;

const SIGNS = { gap: "", same: " ", added: "+", removed: "−" } as const;

/** Two states of a text, as one with the lines that went and came. */
export function View(props: CompareProps) {
  const { result: diff, problem, progress } = usePair(props, "lines");
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (diff === undefined) return <Working progress={progress} />;
  return (
    <>
      <VirtualRows
        class="text-view diff-view"
        count={diff.lines.length}
        rowHeight={ROW_HEIGHT}
        attributes={{ role: "table", "aria-label": "Lines", tabIndex: 0 }}
        row={(index) => <Line key={index} line={diff.lines[index] as DiffLine} />}
      />
      <p class="view-foot">
        <span>{counted(diff.added, "line")} added</span>
        <span>{counted(diff.removed, "line")} removed</span>
      </p>
    </>
  );
}

function Line({ line }: { readonly line: DiffLine }) {
  const style = { height: `${ROW_HEIGHT}px` };
  if (line.kind === "gap") {
    return (
      <div class="text-row diff-gap" role="row" style={style}>
        <span role="cell">⋯ {line.text}</span>
      </div>
    );
  }
  return (
    <div class={`text-row diff-${line.kind}`} role="row" style={style}>
      <span class="line-number muted" role="cell">
        {line.before}
      </span>
      <span class="line-number muted" role="cell">
        {line.after}
      </span>
      <span class="diff-sign" role="cell">
        {SIGNS[line.kind]}
      </span>
      <span class="line" role="cell">
        <Marked text={line.text} mark={line.mark} />
      </span>
    </div>
  );
}

function Marked({ text, mark }: { readonly text: string; readonly mark: readonly [number, number] | undefined }) {
  if (text.length > LONGEST_LINE) return <>{text.slice(0, LONGEST_LINE)}…</>;
  if (mark === undefined || mark[0] === mark[1]) return <>{text}</>;
  return (
    <>
      {text.slice(0, mark[0])}
      <b>{text.slice(...mark)}</b>
      {text.slice(mark[1])}
    </>
  );
}
