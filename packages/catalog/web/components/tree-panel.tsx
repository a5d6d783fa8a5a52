import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { navigate } from "../state/location.js";
import { openOverlay } from "../state/overlay.js";
import { packageApi, packageHref } from "../state/routes.js";
import { type TreeRow, useTree } from "../state/use-tree.js";
import { ByteCount } from "./byte-count.js";
import { Icon } from "./icon.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";
import { VirtualRows } from "./virtual-rows.js";

const ROW_HEIGHT = 28;

/** The revision's files as a tree, beside what is shown. */
export function TreePanel({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const tree = useTree(`${packageApi(at)}/m/${resolved.topHash}`, at.path);
  const [focused, setFocused] = useState<string | undefined>();
  const isMoving = useRef(false);
  const { rows } = tree;
  const shown = rows.findIndex(({ path, node }) => node !== undefined && path === at.path);
  const found = rows.findIndex(({ path }) => path === focused);
  const active = found !== -1 ? found : Math.max(0, shown);
  useLayoutEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    document.getElementById(rowId(active))?.focus();
  });
  const move = (to: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row === undefined) return;
    isMoving.current = true;
    setFocused(row.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keyAction(event.key, { row, rows, active, move, toggle: tree.toggle });
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    <nav class="card tree-panel" aria-label="Files">
      <header class="card-head">
        <h2>
          <a href={packageHref({ ...at, page: "files", path: "" })}>Files</a>
        </h2>
        <button type="button" class="link-button" onClick={() => openOverlay("files")}>
          Find <kbd>t</kbd>
        </button>
      </header>
      {tree.problem === undefined ? null : <ProblemBox problem={tree.problem} />}
      {tree.isReady ? (
        <VirtualRows
          class="tree"
          count={rows.length}
          rowHeight={ROW_HEIGHT}
          focus={found === -1 ? (shown === -1 ? undefined : shown) : found}
          attributes={{ role: "tree", "aria-label": "Files" }}
          onKeyDown={onKeyDown}
          row={(index) => {
            const row = rows[index] as TreeRow;
            const href = packageHref({ ...at, page: "files", path: row.path });
            return (
              <Line
                key={row.path + row.name}
                row={row}
                index={index}
                href={href}
                isShown={index === shown}
                isActive={index === active}
                toggle={tree.toggle}
                onFocus={() => setFocused(row.path)}
              />
            );
          }}
        />
      ) : null}
      {tree.isReady || tree.problem !== undefined ? null : <Skeleton lines={7} />}
    </nav>
  );
}

function rowId(index: number): string {
  return `tree-${index}`;
}

interface KeyPlace {
  readonly row: TreeRow;
  readonly rows: readonly TreeRow[];
  readonly active: number;
  readonly move: (to: number) => void;
  readonly toggle: (path: string, isOpen: boolean) => void;
}

function keyAction(key: string, place: KeyPlace): (() => void) | undefined {
  const { rows, active, move } = place;
  switch (key) {
    case "ArrowDown":
    case "j":
      return () => move(active + 1);
    case "ArrowUp":
    case "k":
      return () => move(active - 1);
    case "Home":
      return () => move(0);
    case "End":
      return () => move(rows.length - 1);
    case "ArrowRight":
    case "l":
      return inward(place);
    case "ArrowLeft":
    case "h":
      return outward(place);
    default:
      return undefined;
  }
}

/** Opens a directory, or goes into it. */
function inward({ row, active, move, toggle }: KeyPlace): (() => void) | undefined {
  if (row.node?.isDirectory !== true) return undefined;
  return row.isOpen ? () => move(active + 1) : () => toggle(row.path.slice(0, -1), true);
}

/** Closes a directory, or goes to the one around. */
function outward({ row, rows, active, move, toggle }: KeyPlace): (() => void) | undefined {
  if (row.node?.isDirectory === true && row.isOpen) return () => toggle(row.path.slice(0, -1), false);
  const around = rows.findLastIndex(({ depth }, i) => i < active && depth < row.depth);
  return around === -1 ? undefined : () => move(around);
}

interface LineProps {
  readonly row: TreeRow;
  readonly index: number;
  readonly href: string;
  readonly isShown: boolean;
  readonly isActive: boolean;
  readonly toggle: KeyPlace["toggle"];
  readonly onFocus: () => void;
}

function Line({ row, index, href, isShown, isActive, toggle, onFocus }: LineProps) {
  const { node, depth, isOpen } = row;
  const isDirectory = node?.isDirectory === true;
  const onClick = (event: MouseEvent): void => {
    // The arrow opens and closes; the name goes there.
    if (!isDirectory || (event.target as Element).closest(".twist") === null) {
      if (isDirectory && !isOpen) toggle(row.path.slice(0, -1), true);
      return;
    }
    event.preventDefault();
    toggle(row.path.slice(0, -1), !isOpen);
  };
  return (
    <a
      id={rowId(index)}
      class="tree-row"
      role="treeitem"
      href={href}
      tabIndex={isActive ? 0 : -1}
      aria-level={depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      {...(isDirectory ? { "aria-expanded": isOpen } : {})}
      aria-selected={isShown}
      style={{ height: `${ROW_HEIGHT}px`, paddingLeft: `${8 + depth * 16}px` }}
      onClick={onClick}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        navigate(href);
      }}
    >
      <span class={isDirectory ? `twist ${isOpen ? "is-open" : ""}` : "twist none"}>
        {isDirectory ? <Icon name="chevron" /> : null}
      </span>
      {node === undefined ? null : <Icon name={isDirectory ? "folder" : "file"} />}
      <span class="ellipsis" title={visible(row.name)}>
        {visible(row.name)}
      </span>
      {node === undefined ? null : (
        <span class="tree-size">{node.bytes === null ? "…" : <ByteCount count={node.bytes} />}</span>
      )}
    </a>
  );
}
