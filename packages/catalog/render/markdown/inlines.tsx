import type { Token, Tokens } from "marked";
import type { PreviewFile } from "../previews.js";
import type { TokensProps } from "./blocks.js";
import { decodeEntities } from "./entities.js";
import { Html } from "./html.js";
import { Link, Picture } from "./links.js";

/** Words, links, pictures and what else stands one behind the other. */
export function Inlines({ tokens, file }: TokensProps) {
  return (
    <>
      {tokens.map((token, i) => (
        <Inline key={i} token={token} file={file} />
      ))}
    </>
  );
}

const AROUND: ReadonlyMap<string, "strong" | "em" | "del"> = new Map([
  ["strong", "strong"],
  ["em", "em"],
  ["del", "del"],
]);

function Inline({ token, file }: { readonly token: Token; readonly file: PreviewFile }) {
  const inner = "tokens" in token && token.tokens !== undefined ? <Inlines tokens={token.tokens} file={file} /> : null;
  const Around = AROUND.get(token.type);
  if (Around !== undefined) return <Around>{inner}</Around>;
  switch (token.type) {
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link":
      return (
        <Link target={(token as Tokens.Link).href} file={file}>
          {inner}
        </Link>
      );
    case "image":
      return <Picture source={(token as Tokens.Image).href} alt={(token as Tokens.Image).text} file={file} />;
    case "html":
      return <Html text={(token as Tokens.Tag).text} file={file} />;
    case "checkbox":
      return null;
    default:
      return inner ?? <>{decodeEntities("text" in token ? String(token.text) : token.raw)}</>;
  }
}
