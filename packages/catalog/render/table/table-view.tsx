import { useMemo, useRef, useState } from "preact/hooks";
import { ByteCount } from "../../web/components/byte-count.js";
import { type Column, DataGrid } from "../../web/components/data-grid.js";
import { ProblemBox } from "../../web/components/problem-box.js";
import { WorkBar } from "../../web/components/work-bar.js";
import { counted, exact, visible } from "../../web/format.js";
import { asProblem, type Problem } from "../../web/state/api-client.js";
import { navigate, query } from "../../web/state/location.js";
import type { PreviewFile } from "../previews.js";
import { Histogram } from "./histogram.js";
import { rowsByColumn } from "./rows-in-sql.js";
import { SqlLink } from "./sql-link.js";
import type { TableColumn, TableSource, Value } from "./table-source.js";
import { MOST_COLUMNS, type Profiles, useProfiles } from "./use-profiles.js";
import { readableTime, textOf } from "./value-text.js";

const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 96;
/** Rows that are read at once. */
const PAGE_ROWS = 200;
/** Rows by which the width of a column is judged. */
const SAMPLE = 100;
const LONGEST_CELL = 300;

type Row = readonly Value[];

/** A table, and what its file is. */
export interface TableViewProps {
  readonly source: TableSource;
  readonly file: PreviewFile;
  /** Reads more of a table of which only a part is known. */
  readonly onMore?: () => void;
}

/** A table of any length: its columns' values as bars, its rows as they are scrolled to. */
export function TableView({ source, file, onMore }: TableViewProps) {
  const { rowAt, want, problem } = useRows(source);
  const href = file.hrefOf(file.path);
  const profiles = useProfiles(source, file);
  const sample = Array.from({ length: Math.min(SAMPLE, source.count) }, (_, i) => rowAt(i)).filter(
    (row) => row !== undefined,
  );
  const columns = useMemo(
    () => columnsOf(source, { sample, profiles, href }),
    [source, profiles.version, sample.length > 0, href],
  );
  // A page that shows several tables has no row of its own.
  const asked = Number(
    window.location.pathname === new URL(href, window.location.href).pathname && query.value.get("row"),
  );
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  return (
    <>
      <DataGrid
        label="Rows"
        class="table-view"
        columns={columns}
        count={source.count}
        rowAt={rowAt}
        rowHeight={ROW_HEIGHT}
        headHeight={HEAD_HEIGHT}
        onVisible={want}
        source={source}
        target={asked >= 1 && asked <= source.count ? asked - 1 : undefined}
      />
      <Foot source={source} file={file} profiles={profiles} onMore={onMore} />
    </>
  );
}

interface FootProps extends Omit<TableViewProps, "onMore"> {
  readonly profiles: Profiles;
  readonly onMore: (() => void) | undefined;
}

function Foot({ source, file, profiles, onMore }: FootProps) {
  const { count, isWhole, width } = source;
  const { size } = file;
  return (
    <p class="view-foot">
      <span>{isWhole ? counted(count, "row") : `first ${exact(count)} rows`}</span>
      <span>{counted(width, "column")}</span>
      {width > MOST_COLUMNS ? <span>the first {MOST_COLUMNS} are shown</span> : null}
      <Described profiles={profiles} />
      {source.bytesRead() < size ? (
        <span>
          read <ByteCount count={source.bytesRead()} /> of <ByteCount count={size} />
        </span>
      ) : null}
      {isWhole || onMore === undefined ? null : (
        <button type="button" class="link-button" onClick={onMore}>
          Read more
        </button>
      )}
      <GoToRow count={count} href={file.hrefOf(file.path)} />
    </p>
  );
}

/** Of which rows the bars are, and the way to those of all. */
function Described({ profiles }: { readonly profiles: Profiles }) {
  const { rows, state, problem, readAll, reading } = profiles;
  if (problem !== undefined) return <span class="bad">{[problem.message, problem.hint].join(" ")}</span>;
  if (state === "few") return null;
  if (state === "all") return <span>bars of all {exact(rows)} rows</span>;
  if (reading !== undefined) {
    return <WorkBar label="All rows so far" progress={reading.progress} onCancel={reading.stop} />;
  }
  const words = `bars of the first ${exact(rows)} rows`;
  if (state === "reading") return <span title="The others are being read">{words}…</span>;
  return (
    <>
      <span>{words}</span>
      <button type="button" class="link-button" onClick={readAll}>
        Read all rows
      </button>
    </>
  );
}

/** Goes to a row by its number; the address then names it. */
function GoToRow({ count, href }: { readonly count: number; readonly href: string }) {
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const wanted = Number(new FormData(event.target as HTMLFormElement).get("row"));
    if (wanted >= 1) navigate(rowHref(href, Math.min(count, wanted)), { replace: true });
  };
  return (
    <form class="go-to-row" onSubmit={onSubmit}>
      <label>
        Go to row <input name="row" type="number" min={1} max={count} />
      </label>
    </form>
  );
}

/** Address of a row, counted from 1. */
function rowHref(href: string, row: number): string {
  return `${href}?row=${row}`;
}

function useRows(source: TableSource): {
  readonly rowAt: (index: number) => Row | undefined;
  readonly want: (first: number, last: number) => void;
  readonly problem: Problem | undefined;
} {
  const pages = useRef({ source, read: new Map<number, readonly Row[] | "asked">() });
  if (pages.current.source !== source) pages.current = { source, read: new Map() };
  const [problem, setProblem] = useState<Problem | undefined>();
  const [, redraw] = useState(0);
  const load = async (page: number): Promise<void> => {
    const { read } = pages.current;
    if (read.has(page)) return;
    read.set(page, "asked");
    try {
      const start = page * PAGE_ROWS;
      read.set(page, await source.rows(start, Math.min(source.count, start + PAGE_ROWS)));
      redraw((count) => count + 1);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return {
    problem,
    rowAt(index) {
      const page = pages.current.read.get(Math.floor(index / PAGE_ROWS));
      return page === "asked" ? undefined : page?.[index % PAGE_ROWS];
    },
    want(first, last) {
      for (let page = Math.floor(first / PAGE_ROWS); page * PAGE_ROWS < last; page++) void load(page);
    },
  };
}

interface Known {
  readonly sample: readonly Row[];
  readonly profiles: Profiles;
  /** Address of the file. */
  readonly href: string;
}

function columnsOf({ columns, count }: TableSource, known: Known): Column<Row>[] {
  const number: Column<Row> = {
    id: "#",
    label: <span class="muted">#</span>,
    width: `${Math.max(48, exact(count).length * 8 + 28)}px`,
    isNumber: true,
    cell: (_, index) => (
      <a class="row-number" href={rowHref(known.href, index + 1)}>
        {exact(index + 1)}
      </a>
    ),
  };
  return [number, ...columns.slice(0, MOST_COLUMNS).map((column, i) => columnOf(column, i, known))];
}

function columnOf(column: TableColumn, i: number, { sample, profiles, href }: Known): Column<Row> {
  const { name, kind, type } = column;
  // Two dates stand below the bars of some.
  const least = kind === "date" ? 20 : 12;
  const longest = Math.max(least, name.length + 2, ...sample.map((row) => Math.min(40, textOf(row[i]).length)));
  const isNumber = kind === "number";
  return {
    id: `${i} ${name}`,
    label: (
      <span class="column-head">
        <SqlLink href={href} statement={rowsByColumn(name)} title={`${visible(name)}: the greatest first, in SQL`}>
          {visible(name)}
        </SqlLink>
        <span class="muted">{type ?? kind}</span>
        <Histogram name={name} profile={profiles.of(i)} href={href} />
      </span>
    ),
    width: `minmax(${Math.round(longest * 7.8 + 32)}px, ${kind === "text" ? "1.4fr" : "1fr"})`,
    isNumber,
    cell: (row) => <Cell value={row[i]} isTime={kind === "date"} />,
  };
}

function Cell({ value, isTime }: { readonly value: Value; readonly isTime: boolean }) {
  const text = textOf(value);
  if (text === "") return <span class="muted nothing">{value === "" || value === undefined ? "empty" : "null"}</span>;
  const exactly = visible(text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);
  return (
    <span class="ellipsis" title={exactly}>
      {isTime ? readableTime(exactly) : exactly}
    </span>
  );
}
