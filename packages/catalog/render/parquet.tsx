import { useEffect, useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { asProblem, type Problem } from "../web/state/api-client.js";
import type { PreviewProps } from "./previews.js";
import { parquetTable } from "./table/parquet-table.js";
import type { TableSource } from "./table/table-source.js";
import { TableView } from "./table/table-view.js";

/** A Parquet file of any size; only what is looked at is read. */
export function View({ file }: PreviewProps) {
  const [source, setSource] = useState<TableSource | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    parquetTable(file, signal).then(
      (table) => !signal.aborted && setSource(table),
      (error: unknown) => !signal.aborted && setProblem(asProblem(error)),
    );
    return () => controller.abort();
  }, [file.raw]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (source === undefined) return <Skeleton lines={10} />;
  return <TableView source={source} file={file} />;
}
