import { useMemo } from "preact/hooks";
import { type Column, DataGrid } from "../../web/components/data-grid.js";
import { ProblemBox } from "../../web/components/problem-box.js";
import { Working } from "../../web/components/work-bar.js";
import { counted, exact, visible } from "../../web/format.js";
import type { CompareProps } from "../comparators.js";
import type { DiffColumn, DiffRow, RowDiff } from "./row-diff.js";
import { usePair } from "./use-pair.js";

const ROW_HEIGHT = 30;
const LONGEST_CELL = 200;

const SIGNS = { added: "+", removed: "−", modified: "~" } as const;

/** Two states of a table: the rows that differ, and in them the cells that do. */
export function View(props: CompareProps) {
  const { result: diff, problem, progress } = usePair(props, "rows");
  const columns = useMemo(() => (diff === undefined ? [] : columnsOf(diff)), [diff]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (diff === undefined) return <Working progress={progress} />;
  return (
    <>
      {diff.rows.length === 0 ? (
        <p class="card-body muted">The rows are the same; only how they are written differs.</p>
      ) : (
        <DataGrid
          label="Rows that differ"
          class="table-view row-diff"
          columns={columns}
          count={diff.rows.length}
          rowAt={(index) => diff.rows[index]}
          rowHeight={ROW_HEIGHT}
        />
      )}
      <Foot diff={diff} />
    </>
  );
}

function Foot({ diff }: { readonly diff: RowDiff }) {
  const { counts, key, columns, rows } = diff;
  const columnWords = (standing: DiffColumn["standing"]): string =>
    columns
      .filter((column) => column.standing === standing)
      .map(({ name }) => visible(name))
      .join(", ");
  return (
    <p class="view-foot">
      <span>{counted(counts.modified, "row")} changed</span>
      <span>{exact(counts.added)} added</span>
      <span>{exact(counts.removed)} removed</span>
      <span>{exact(counts.same)} the same</span>
      {rows.length < counts.added + counts.removed + counts.modified ? (
        <span>the first {exact(rows.length)} are shown</span>
      ) : null}
      <span>
        {key.length === 0
          ? "no key: rows are compared as a whole"
          : `rows told apart by ${key.map(visible).join(", ")}`}
      </span>
      {columnWords("added") === "" ? null : <span>new columns: {columnWords("added")}</span>}
      {columnWords("removed") === "" ? null : <span>columns gone: {columnWords("removed")}</span>}
    </p>
  );
}

function columnsOf({ columns, rows }: RowDiff): Column<DiffRow>[] {
  const kind: Column<DiffRow> = {
    id: "kind",
    label: <span class="unseen">Kind</span>,
    width: "44px",
    cell: (row) => (
      <span class={`sign row-${row.kind}`} title={row.kind}>
        {SIGNS[row.kind]}
        <span class="unseen">{row.kind}</span>
      </span>
    ),
  };
  const sample = rows.slice(0, 100);
  return [kind, ...columns.map((column, i) => columnOf(column, i, sample))];
}

function columnOf(column: DiffColumn, i: number, sample: readonly DiffRow[]): Column<DiffRow> {
  const lengths = sample.map(({ before, after }) => {
    const isBoth = before !== undefined && after !== undefined && before[i] !== after[i];
    return Math.min(
      44,
      (after?.[i] ?? "").length + (isBoth || after === undefined ? (before?.[i] ?? "").length + 3 : 0),
    );
  });
  const longest = Math.max(10, column.name.length + 6, ...lengths);
  return {
    id: `${i} ${column.name}`,
    label: (
      <span class="ellipsis" title={visible(column.name)}>
        {visible(column.name)}
        {column.isKey ? <span class="key-mark">key</span> : null}
        {column.standing === "same" ? null : (
          <span class={`sign ${column.standing === "added" ? "good" : "bad"}`}> {column.standing}</span>
        )}
      </span>
    ),
    width: `minmax(${Math.round(longest * 7.8 + 32)}px, 1fr)`,
    isNumber: column.kind === "number",
    cell: (row) => <Cell row={row} at={i} />,
  };
}

function Cell({ row, at }: { readonly row: DiffRow; readonly at: number }) {
  const { before, after } = row;
  if (before === undefined) return <Value text={after?.[at]} tag="ins" />;
  if (after === undefined) return <Value text={before[at]} tag="del" />;
  if (before[at] === after[at]) return <Value text={after[at]} tag="span" />;
  return (
    <span class="ellipsis">
      <Value text={before[at]} tag="del" /> → <Value text={after[at]} tag="ins" />
    </span>
  );
}

function Value({ text, tag: Tag }: { readonly text: string | undefined; readonly tag: "ins" | "del" | "span" }) {
  if (text === undefined) return null;
  if (text === "") return <span class="muted nothing">empty</span>;
  const shown = visible(text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);
  return (
    <Tag class="ellipsis" title={shown}>
      {shown}
    </Tag>
  );
}
