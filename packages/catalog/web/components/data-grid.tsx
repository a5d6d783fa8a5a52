import type { ComponentChildren } from "preact";
import { VirtualRows } from "./virtual-rows.js";

/** One column of a grid. */
export interface Column<Row> {
  readonly id: string;
  readonly label: ComponentChildren;
  /** As in a CSS grid: `120px`, `minmax(200px, 1fr)`. */
  readonly width: string;
  readonly isNumber?: boolean;
  /** Hidden where there is little room. */
  readonly isExtra?: boolean;
  readonly cell: (row: Row, index: number) => ComponentChildren;
  /** Sorts by this column when its head is clicked. */
  readonly onSort?: () => void;
  readonly sorted?: "ascending" | "descending" | undefined;
}

/** Rows below heads. */
export interface DataGridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly count: number;
  /** `undefined` for a row that is not there yet. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly onVisible?: (first: number, last: number) => void;
  /** What the rows are of: told again of which are in sight when it is another one. */
  readonly source?: unknown;
  readonly rowHeight?: number;
  readonly class?: string;
  readonly headHeight?: number;
  /** The row that is pointed out, and brought into sight when it changes. */
  readonly target?: number | undefined;
}

const ROW_HEIGHT = 36;

/** A table of any length. Arrow keys and `j`, `k` move between the links of its rows. */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { columns, count, rowAt, rowHeight = ROW_HEIGHT, target } = props;
  const widths = (shown: readonly Column<Row>[]): string => shown.map(({ width }) => width).join(" ");
  const narrow = columns.filter(({ isExtra }) => isExtra !== true);
  const gridStyle = { "--columns": widths(columns), "--columns-narrow": widths(narrow) };
  const style = { height: `${rowHeight}px` };
  const cellClass = ({ isNumber, isExtra }: Column<Row>): string =>
    `cell ${isNumber === true ? "is-number" : ""} ${isExtra === true ? "is-extra" : ""}`;
  const head = (
    <div class="grid-head" role="rowgroup">
      <div
        class="grid-row"
        role="row"
        aria-rowindex={1}
        style={{ ...style, height: `${props.headHeight ?? rowHeight}px` }}
      >
        {columns.map((column) => (
          <div
            key={column.id}
            class={cellClass(column)}
            role="columnheader"
            {...(column.onSort ? { "aria-sort": column.sorted ?? "none" } : {})}
          >
            {column.onSort === undefined ? column.label : <SortButton column={column} />}
          </div>
        ))}
      </div>
    </div>
  );
  const row = (index: number) => {
    const data = rowAt(index);
    return (
      <div
        key={index}
        class={index === target ? "grid-row is-target" : "grid-row"}
        role="row"
        aria-rowindex={index + 2}
        style={style}
      >
        {columns.map((column) => (
          <div key={column.id} class={cellClass(column)} role="cell">
            {data === undefined ? <span class="bone" /> : column.cell(data, index)}
          </div>
        ))}
      </div>
    );
  };
  const attributes = { role: "table", "aria-label": props.label, "aria-rowcount": count + 1, tabIndex: 0 };
  return (
    <VirtualRows
      class={`grid ${props.class ?? ""}`}
      style={gridStyle}
      count={count}
      rowHeight={rowHeight}
      head={head}
      row={row}
      focus={target}
      source={props.source}
      attributes={attributes}
      onKeyDown={moveFocus}
      {...(props.onVisible ? { onVisible: props.onVisible } : {})}
    />
  );
}

function SortButton<Row>({ column }: { readonly column: Column<Row> }) {
  const mark = column.sorted === undefined ? "" : column.sorted === "ascending" ? " ↑" : " ↓";
  return (
    <button type="button" class="sort" onClick={column.onSort}>
      {column.label}
      {mark}
    </button>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function moveFocus(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const grid = event.currentTarget as HTMLElement;
  const links = [...grid.querySelectorAll<HTMLElement>(".rows-window a")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? links[0] : links[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
