import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { Blocks } from "./markdown/blocks.js";
import { readMarkdown } from "./markdown/read-markdown.js";
import type { PreviewProps } from "./previews.js";
import { useBytes } from "./use-bytes.js";

const MOST_BYTES = 4 << 20;

/**
 * Markdown as a page. It is read into pieces of which the page is made: no text of a package is ever taken for HTML, not even
 * to be cleaned. Links stay inside the revision; pictures from elsewhere are not asked for.
 */
export function View({ file }: PreviewProps) {
  const { value, problem } = useBytes(file, MOST_BYTES, (bytes) => readMarkdown(new TextDecoder().decode(bytes)));
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (value === undefined) return <Skeleton lines={8} />;
  return (
    <div class="markdown">
      <Blocks tokens={value} file={file} />
    </div>
  );
}
