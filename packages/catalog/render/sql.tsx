import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SqlAnswer, WorkProgress } from "../server/table-api.js";
import { type Column, DataGrid } from "../web/components/data-grid.js";
import { ProblemBox } from "../web/components/problem-box.js";
import { WorkBar } from "../web/components/work-bar.js";
import { counted, exact, visible } from "../web/format.js";
import { asProblem, type Problem, postJson } from "../web/state/api-client.js";
import { query, setQuery } from "../web/state/location.js";
import { watchWork } from "../web/state/work.js";
import { takeAsked } from "./asked-statement.js";
import type { PreviewProps } from "./previews.js";
import { textOf } from "./table/value-text.js";

const ROW_HEIGHT = 30;

/** Statements to begin with: the rows, and a description of each column over all of them. */
const EXAMPLES = [
  ["Rows", "select * from entry limit 100"],
  ["Profile", "summarize entry"],
  ["Count", "select count(*) as rows from entry"],
] as const;

type State =
  | { readonly is: "idle" }
  | { readonly is: "running"; readonly progress?: WorkProgress }
  | { readonly is: "failed"; readonly problem: Problem }
  | { readonly is: "done"; readonly answer: SqlAnswer; readonly ms: number };

/** SQL on exactly this file, the table `entry`. It runs when the reader says so, never because of an address. */
export function View({ file }: PreviewProps) {
  const [statement, setStatement] = useState(() => query.value.get("sql") ?? EXAMPLES[0][1]);
  const { state, run, stop } = useStatement(file.sql);
  const start = (text: string): void => {
    setStatement(text);
    setQuery("sql", text);
    void run(text);
  };
  useEffect(() => {
    if (takeAsked(statement)) void run(statement);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    start(statement);
  };
  return (
    <div class="sql-view">
      <form
        class="sql-form"
        onSubmit={(event) => {
          event.preventDefault();
          start(statement);
        }}
      >
        <textarea
          class="mono"
          aria-label="SQL on this file, the table entry"
          rows={4}
          spellcheck={false}
          value={statement}
          onInput={(event) => setStatement((event.target as HTMLTextAreaElement).value)}
          onKeyDown={onKeyDown}
        />
        <div class="sql-actions">
          <button type="submit" class="button primary" disabled={state.is === "running"}>
            Run <kbd>Ctrl ↵</kbd>
          </button>
          {EXAMPLES.map(([label, text]) => (
            <button key={label} type="button" class="button" onClick={() => start(text)}>
              {label}
            </button>
          ))}
        </div>
      </form>
      <Outcome state={state} stop={stop} />
    </div>
  );
}

function useStatement(url: string): {
  readonly state: State;
  readonly run: (statement: string) => Promise<void>;
  readonly stop: () => void;
} {
  const [state, setState] = useState<State>({ is: "idle" });
  const running = useRef<AbortController | undefined>(undefined);
  const stop = (): void => {
    running.current?.abort();
    setState({ is: "idle" });
  };
  useEffect(() => () => running.current?.abort(), []);
  const run = async (statement: string): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ is: "running" });
    const startedAt = performance.now();
    try {
      const { signal } = controller;
      const answer = await watchWork(
        async (headers) => postJson<SqlAnswer>(url, { statement }, { headers, signal }),
        (progress) => setState({ is: "running", progress }),
      );
      setState({ is: "done", answer, ms: performance.now() - startedAt });
    } catch (error) {
      if (!controller.signal.aborted) setState({ is: "failed", problem: asProblem(error) });
    }
  };
  return { state, run, stop };
}

function Outcome({ state, stop }: { readonly state: State; readonly stop: () => void }) {
  switch (state.is) {
    case "idle":
      return (
        <p class="card-body muted">
          The table <code>entry</code> is this file, at exactly this revision; it is verified before anything reads it.
        </p>
      );
    case "running":
      return <WorkBar label="The statement so far" progress={state.progress} onCancel={stop} />;
    case "failed":
      return <ProblemBox problem={state.problem} />;
    case "done":
      return <Rows answer={state.answer} ms={state.ms} />;
  }
}

function Rows({ answer, ms }: { readonly answer: SqlAnswer; readonly ms: number }) {
  const { rows, isWhole } = answer;
  const columns = useMemo(() => answer.columns.map((_, i) => columnOf(answer, i)), [answer]);
  return (
    <>
      <DataGrid
        label="Result"
        class="table-view"
        columns={columns}
        count={rows.length}
        rowAt={(index) => rows[index]}
        rowHeight={ROW_HEIGHT}
        headHeight={46}
      />
      <p class="view-foot" role="status">
        <span>{isWhole ? counted(rows.length, "row") : `the first ${exact(rows.length)} rows`}</span>
        <span>{ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`} on this machine</span>
      </p>
    </>
  );
}

const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL)/;

function columnOf({ columns, rows }: SqlAnswer, i: number): Column<readonly unknown[]> {
  const { name = "", type = "" } = columns[i] ?? {};
  const longest = Math.max(10, name.length, type.length, ...rows.slice(0, 100).map((row) => textOf(row[i]).length));
  return {
    id: `${i} ${name}`,
    label: (
      <span class="column-head">
        <span class="ellipsis" title={visible(name)}>
          {visible(name)}
        </span>
        <span class="muted ellipsis">{visible(type.toLowerCase())}</span>
      </span>
    ),
    width: `minmax(${Math.round(Math.min(40, longest) * 7.8 + 32)}px, 1fr)`,
    isNumber: NUMBER.test(type),
    cell: (row) => <Cell value={row[i]} />,
  };
}

function Cell({ value }: { readonly value: unknown }) {
  if (value === null) return <span class="muted nothing">null</span>;
  const text = visible(textOf(value));
  return (
    <span class="ellipsis" title={text}>
      {text}
    </span>
  );
}
