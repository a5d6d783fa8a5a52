import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { DirectoryPage, TreeNode } from "../../server/api.js";
import { exact, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { query, setQuery } from "../state/location.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useParts } from "../state/use-parts.js";
import { ByteCount } from "./byte-count.js";
import { type Column, DataGrid } from "./data-grid.js";
import { Icon } from "./icon.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** Which directory, and how much of it. */
export interface DirectoryListProps {
  readonly context: PackageContext;
  /** Without a slash at its end. */
  readonly path: string;
  /** At most so many rows, and a link to all; absent: all, scrolling. */
  readonly most?: number;
  /** What stands below the list as soon as that is there, so that nothing has to move. */
  readonly below: (page: DirectoryPage) => ComponentChildren;
}

const ROW_HEIGHT = 36;
const SORTS = ["name", "-name", "size", "-size"];

/** What a directory holds. */
export function DirectoryList({ context, path, most, below }: DirectoryListProps) {
  const { at, resolved } = context;
  const sort = SORTS.find((one) => one === query.value.get("sort")) ?? "name";
  const [isCounted, setCounted] = useState(false);
  const base = `${packageApi(at)}/m/${resolved.topHash}/dir?path=${encodeURIComponent(path)}&sort=${sort}${isCounted ? "&counted=1" : ""}`;
  const list = useParts<TreeNode, DirectoryPage>(base, ({ children }) => children);
  const { total, rowAt, want, problem, retry, first } = list;
  useEffect(() => {
    // The names of a large revision come at once; its sums follow.
    if (first?.isCounted === false) setCounted(true);
  }, [first]);
  const largest = useMemo(() => Math.max(1, rowAt(0)?.bytes ?? 0), [first]);
  const columns = columnsFor({ context, path, sort, largest });
  if (problem !== undefined) return <ProblemBox problem={problem} retry={retry} />;
  if (total === undefined || first === undefined) return <Skeleton lines={8} />;
  const count = most === undefined ? total : Math.min(most, total);
  return (
    <>
      <div class={most === undefined ? "card directory fill" : "card directory"}>
        <DataGrid
          label={`Files in ${path === "" ? "this revision" : path}`}
          columns={columns}
          count={count}
          rowAt={rowAt}
          rowHeight={ROW_HEIGHT}
          onVisible={want}
          source={first}
        />
        {count < total ? (
          <a class="card-foot" href={packageHref({ ...at, page: "files", path: "" })}>
            All {exact(total)} in this directory
          </a>
        ) : null}
      </div>
      {below(first)}
    </>
  );
}

function setSort(sort: string): void {
  setQuery("sort", sort === "name" ? undefined : sort);
}

interface ColumnOptions {
  readonly context: PackageContext;
  readonly path: string;
  readonly sort: string;
  readonly largest: number;
}

function columnsFor({ context, path, sort, largest }: ColumnOptions): readonly Column<TreeNode>[] {
  const toggle = (id: string, first: string): (() => void) => {
    return () => setSort(sort === first ? (first.startsWith("-") ? id : `-${id}`) : first);
  };
  const sorted = (id: string): "ascending" | "descending" | undefined =>
    sort === id ? "ascending" : sort === `-${id}` ? "descending" : undefined;
  const isBySize = sort === "-size";
  return [
    {
      id: "name",
      label: "Name",
      width: "minmax(160px, 1fr)",
      onSort: toggle("name", "name"),
      sorted: sorted("name"),
      cell: (node) => <NodeLink context={context} path={path} node={node} />,
    },
    {
      id: "files",
      label: "Files",
      width: "110px",
      isNumber: true,
      isExtra: true,
      cell: ({ isDirectory, count }) =>
        isDirectory ? <span class="muted number">{count === null ? "…" : exact(count)}</span> : "",
    },
    {
      id: "size",
      label: "Size",
      width: "120px",
      isNumber: true,
      onSort: toggle("size", "-size"),
      sorted: sorted("size"),
      cell: ({ bytes }) => (
        <span class="size-cell">
          {isBySize ? (
            <span class="size-bar" aria-hidden="true" style={{ width: `${((bytes ?? 0) / largest) * 100}%` }} />
          ) : null}
          {bytes === null ? "…" : <ByteCount count={bytes} />}
        </span>
      ),
    },
  ];
}

function NodeLink({
  context,
  path,
  node,
}: {
  readonly context: PackageContext;
  readonly path: string;
  readonly node: TreeNode;
}) {
  const inside = path === "" ? node.name : `${path}/${node.name}`;
  const href = packageHref({ ...context.at, page: "files", path: node.isDirectory ? `${inside}/` : inside });
  return (
    <a class="node-link" href={href}>
      <Icon name={node.isDirectory ? "folder" : "file"} />
      <span class="ellipsis" title={visible(node.name)}>
        {visible(node.name)}
        {node.isDirectory ? "/" : ""}
      </span>
    </a>
  );
}
