import { marked, type Token, type Tokens } from "marked";

/** Quotes in quotes and lists in lists; what is deeper is shown as it is written: nobody reads there, and a stack has an end. */
const MOST_DEPTH = 40;

/** Markdown as the pieces of which a page is made. */
export function readMarkdown(text: string): Token[] {
  try {
    return flattened(marked.lexer(text), 0);
  } catch (error) {
    // The parser follows what is nested as deep as it is.
    if (!(error instanceof RangeError)) throw error;
    return [{ type: "code", raw: text, text } satisfies Tokens.Code];
  }
}

function flattened(tokens: readonly Token[], depth: number): Token[] {
  return tokens.map((token) => {
    const inner = innerOf(token);
    if (inner === undefined) return token;
    if (depth === MOST_DEPTH) return { type: "text", raw: token.raw, text: token.raw, escaped: false };
    if (token.type !== "list") return Object.assign(token, { tokens: flattened(inner, depth + 1) });
    for (const item of (token as Tokens.List).items) item.tokens = flattened(item.tokens, depth + 1);
    return token;
  });
}

/** What is inside; the cells of tables hold words alone. */
function innerOf(token: Token): readonly Token[] | undefined {
  if (token.type === "list") return (token as Tokens.List).items;
  return "tokens" in token ? token.tokens : undefined;
}
