import { Blocks } from "./markdown/blocks.js";
import { readMarkdown } from "./markdown/read-markdown.js";
import type { PreviewFile } from "./previews.js";

/** A few words in Markdown about a file. */
export function Description({ text, file }: { readonly text: string; readonly file: PreviewFile }) {
  return (
    <div class="markdown description">
      <Blocks tokens={readMarkdown(text)} file={file} />
    </div>
  );
}
