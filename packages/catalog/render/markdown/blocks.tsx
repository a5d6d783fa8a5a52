import type { Token, Tokens } from "marked";
import type { PreviewFile } from "../previews.js";
import { Html } from "./html.js";
import { Inlines } from "./inlines.js";

/** A part of a page and the file that it is in. */
export interface TokensProps {
  readonly tokens: readonly Token[];
  readonly file: PreviewFile;
}

/** Paragraphs, lists, tables and what else stands one below the other. */
export function Blocks({ tokens, file }: TokensProps) {
  return (
    <>
      {tokens.map((token, i) => (
        <Block key={i} token={token} file={file} />
      ))}
    </>
  );
}

function Block({ token, file }: { readonly token: Token; readonly file: PreviewFile }) {
  const inner = "tokens" in token ? (token.tokens ?? []) : [];
  switch (token.type) {
    case "heading":
      return <Heading depth={(token as Tokens.Heading).depth} tokens={inner} file={file} />;
    case "paragraph":
      return (
        <p>
          <Inlines tokens={inner} file={file} />
        </p>
      );
    case "blockquote":
      return (
        <blockquote>
          <Blocks tokens={inner} file={file} />
        </blockquote>
      );
    case "list":
      return <List list={token as Tokens.List} file={file} />;
    case "table":
      return <Table table={token as Tokens.Table} file={file} />;
    default:
      return <Leaf token={token} file={file} />;
  }
}

/** What has no blocks in it. */
function Leaf({ token, file }: { readonly token: Token; readonly file: PreviewFile }) {
  switch (token.type) {
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "hr":
      return <hr />;
    case "html":
      return <Html text={(token as Tokens.HTML).text} file={file} />;
    case "space":
    case "def":
      return null;
    default:
      return <Inlines tokens={[token]} file={file} />;
  }
}

/** The page around has headings of its own: those of the text stand two steps below. */
function Heading({ depth, tokens, file }: TokensProps & { readonly depth: number }) {
  const Tag = `h${Math.min(6, depth + 2)}` as "h3";
  return (
    <Tag class={`was-h${depth}`}>
      <Inlines tokens={tokens} file={file} />
    </Tag>
  );
}

function List({ list, file }: { readonly list: Tokens.List; readonly file: PreviewFile }) {
  const items = list.items.map((item, i) => (
    <li key={i} class={item.task ? "task" : undefined}>
      {item.task ? (
        <span role="img" aria-label={item.checked === true ? "done" : "to do"}>
          {item.checked === true ? "☑ " : "☐ "}
        </span>
      ) : null}
      <Blocks tokens={item.tokens} file={file} />
    </li>
  ));
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table, file }: { readonly table: Tokens.Table; readonly file: PreviewFile }) {
  return (
    <table tabIndex={0}>
      <thead>
        <tr>
          {table.header.map((cell, i) => (
            <th key={i} class={`align-${cell.align ?? "left"}`}>
              <Inlines tokens={cell.tokens} file={file} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j} class={`align-${cell.align ?? "left"}`}>
                <Inlines tokens={cell.tokens} file={file} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
