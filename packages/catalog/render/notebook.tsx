import { useEffect, useState } from "preact/hooks";
import { MetaTree } from "../web/components/meta-tree.js";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { counted, exact } from "../web/format.js";
import { Problem } from "../web/state/api-client.js";
import { highlight, type Token } from "./highlight.js";
import { Blocks } from "./markdown/blocks.js";
import { readMarkdown } from "./markdown/read-markdown.js";
import { Ansi } from "./notebook/ansi.js";
import { type Cell, type Notebook, type Output, readNotebook } from "./notebook/cells.js";
import type { PreviewFile, PreviewProps } from "./previews.js";
import { useBytes } from "./use-bytes.js";

const MOST_BYTES = 64 << 20;
/** Longer outputs are cut, and say so. */
const LONGEST = 20_000;

/** A notebook: its words, code and what that gave. All is made of text and pictures; no page of a stranger's runs. */
export function View({ file }: PreviewProps) {
  const { value: notebook, problem } = useBytes(file, MOST_BYTES, parse);
  const tokens = useTokens(notebook);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (notebook === undefined) return <Skeleton lines={10} />;
  const outputs = notebook.cells.flatMap((cell) => cell.outputs);
  const withheld = outputs.filter(({ kind }) => kind === "withheld").length;
  return (
    <>
      <div class="notebook" tabIndex={0} role="region" aria-label="Notebook">
        {notebook.cells.map((cell, i) => (
          <CellView key={i} cell={cell} tokens={tokens?.[i]} file={file} />
        ))}
      </div>
      <p class="view-foot">
        <span>{counted(notebook.cells.length, "cell")}</span>
        <span>{notebook.language}</span>
        {withheld === 0 ? null : <span>{counted(withheld, "output")} shown as text: pages inside do not run here</span>}
      </p>
    </>
  );
}

function parse(bytes: Uint8Array): Notebook {
  const hint = "Look at it as Tree or Text.";
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const message = `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new Problem({ code: "MalformedJson", message, hint });
  }
  const notebook = readNotebook(json);
  if (notebook === undefined) throw new Problem({ code: "Unsupported", message: "This is no notebook.", hint });
  return notebook;
}

type Lines = readonly (readonly Token[])[];

/** Colours all code in one go, and cuts the result into cells. */
function useTokens(notebook: Notebook | undefined): readonly (Lines | undefined)[] | undefined {
  const [found, setFound] = useState<readonly (Lines | undefined)[] | undefined>();
  useEffect(() => {
    if (notebook === undefined) return undefined;
    const code = notebook.cells.map(({ kind, text }) => (kind === "code" ? text : undefined));
    const all = code.filter((text) => text !== undefined).join("\n");
    return highlight(`cell${notebook.extension}`, all, (lines) => {
      let at = 0;
      setFound(
        code.map((text) => text && lines.slice(at, (at += text.split("\n").length))).map((one) => one || undefined),
      );
    });
  }, [notebook]);
  return found;
}

interface CellProps {
  readonly cell: Cell;
  readonly tokens: Lines | undefined;
  readonly file: PreviewFile;
}

function CellView({ cell, tokens, file }: CellProps) {
  if (cell.kind === "markdown") {
    return (
      <div class="markdown cell-words">
        <Blocks tokens={readMarkdown(cell.text)} file={file} />
      </div>
    );
  }
  return (
    <section class="cell-code" aria-label={cell.count === null ? "Cell" : `Cell ${cell.count}`}>
      <span class="cell-count muted">{cell.kind === "raw" ? "" : `[${cell.count ?? " "}]`}</span>
      <div class="cell-parts">
        <pre class="cell-input" tabIndex={0}>
          <code>{tokens === undefined ? cell.text : <Coloured lines={tokens} />}</code>
        </pre>
        {cell.outputs.map((output, i) => (
          <OutputView key={i} output={output} file={file} />
        ))}
      </div>
    </section>
  );
}

function Coloured({ lines }: { readonly lines: Lines }) {
  return (
    <>
      {lines.map((line, i) => (
        <>
          {i === 0 ? null : "\n"}
          {line.map(([scope, text], j) => (
            <span key={j} class={scope === "" ? undefined : `hl-${scope}`}>
              {text}
            </span>
          ))}
        </>
      ))}
    </>
  );
}

function OutputView({ output, file }: { readonly output: Output; readonly file: PreviewFile }) {
  switch (output.kind) {
    case "picture":
      return <img class="cell-output" src={output.url} alt="Output" />;
    case "table":
      return <Table {...output} />;
    case "markdown":
      return (
        <div class="markdown cell-output">
          <Blocks tokens={readMarkdown(output.text)} file={file} />
        </div>
      );
    case "json":
      return (
        <div class="cell-output">
          <MetaTree value={output.value} />
        </div>
      );
    case "stream":
      return <Words text={output.text} kind={output.isError ? "is-error" : ""} />;
    case "error":
      return <Words text={output.text} kind="is-error" />;
    case "text":
    case "withheld":
      return <Words text={output.text || `(${output.kind === "withheld" ? output.type : "empty"})`} kind="" />;
  }
}

function Words({ text, kind }: { readonly text: string; readonly kind: string }) {
  const shown = text.slice(0, LONGEST);
  return (
    <pre class={`cell-output ${kind}`} tabIndex={0}>
      <Ansi text={shown} />
      {text.length > LONGEST ? <span class="chip">{exact(text.length - LONGEST)} more characters</span> : null}
    </pre>
  );
}

function Table({ rows, heads }: Extract<Output, { readonly kind: "table" }>) {
  return (
    <div class="cell-output cell-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          {rows.slice(0, heads).map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) =>
                cell === "" ? (
                  <td key={j} />
                ) : (
                  <th key={j} scope="col">
                    {cell}
                  </th>
                ),
              )}
            </tr>
          ))}
        </thead>
        <tbody>
          {rows.slice(heads).map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
