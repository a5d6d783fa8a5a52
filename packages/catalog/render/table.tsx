import { useEffect, useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { asProblem, type Problem } from "../web/state/api-client.js";
import type { PreviewFile, PreviewProps } from "./previews.js";
import { readBytes } from "./read-bytes.js";
import type { TableSource } from "./table/table-source.js";
import { TableView } from "./table/table-view.js";
import { textTable } from "./table/text-table.js";

/** Files up to this size are shown whole; of larger ones so much at first, and twice as much each time. */
const WHOLE_BYTES = 4 << 20;

/** A table as text, with a head; large ones part by part. */
export function View({ file }: PreviewProps) {
  const [source, setSource] = useState<TableSource | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  const [most, setMost] = useState(WHOLE_BYTES);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    void readTable(file, most, signal).then(setSource, (error: unknown) => {
      if (!signal.aborted) setProblem(asProblem(error));
    });
    return () => controller.abort();
  }, [file.raw, most]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (source === undefined) return <Skeleton lines={10} />;
  if (source.columns.length === 0) return <p class="empty">This file is empty.</p>;
  return <TableView source={source} file={file} onMore={() => setMost(most * 2)} />;
}

async function readTable(file: PreviewFile, most: number, signal: AbortSignal): Promise<TableSource> {
  const read = await readBytes(file, { start: 0, end: most, signal });
  // The size may not be known.
  const isWhole = read.length < most || read.length === file.size;
  const text = new TextDecoder().decode(read, { stream: !isWhole });
  return textTable({ path: file.path, text, isWhole, bytesRead: read.length });
}
