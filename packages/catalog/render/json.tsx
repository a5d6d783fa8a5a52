import { useMemo, useState } from "preact/hooks";
import { Icon } from "../web/components/icon.js";
import { Scalar } from "../web/components/meta-tree.js";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { VirtualRows } from "../web/components/virtual-rows.js";
import { exact, visible } from "../web/format.js";
import { Problem } from "../web/state/api-client.js";
import type { PreviewProps } from "./previews.js";
import { useBytes } from "./use-bytes.js";

const MOST_BYTES = 32 << 20;
const ROW_HEIGHT = 24;
/** Lines that are open at first. */
const FIRST_LINES = 200;
/** Deeper values stay closed and cannot be opened: nobody reads there, and a stack has an end. */
const MOST_DEPTH = 500;

interface Line {
  readonly id: string;
  readonly depth: number;
  readonly name: string | undefined;
  readonly value: unknown;
  readonly members: number | undefined;
}

/** JSON as a tree of any size, of which what is open and in sight exists. */
export function View({ file }: PreviewProps) {
  const { value: json, problem } = useBytes(file, MOST_BYTES, parse);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const opened = useMemo(() => (json === undefined ? new Set<string>() : firstOpen(json.root)), [json]);
  const isOpen = (id: string): boolean => opened.has(id) !== toggled.has(id);
  const lines = useMemo(() => (json === undefined ? [] : linesOf(json.root, isOpen)), [json, toggled]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (json === undefined) return <Skeleton lines={8} />;
  const toggle = (id: string): void => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };
  return (
    <VirtualRows
      class="json-view"
      count={lines.length}
      rowHeight={ROW_HEIGHT}
      attributes={{ role: "table", "aria-label": "JSON", tabIndex: 0 }}
      row={(index) => {
        const line = lines[index] as Line;
        return <JsonLine key={line.id} line={line} isOpen={isOpen(line.id)} toggle={toggle} />;
      }}
    />
  );
}

interface JsonLineProps {
  readonly line: Line;
  readonly isOpen: boolean;
  readonly toggle: (id: string) => void;
}

function JsonLine({ line, isOpen, toggle }: JsonLineProps) {
  const { id, depth, name, value, members } = line;
  const label = name === undefined ? null : <span class="json-key">{visible(name)}</span>;
  const style = { height: `${ROW_HEIGHT}px`, paddingLeft: `${12 + depth * 18}px` };
  const canOpen = members !== undefined && members > 0;
  return (
    <div class="json-line" role="row" style={style}>
      <span role="cell">
        {canOpen ? (
          <button type="button" class="json-toggle" aria-expanded={isOpen} onClick={() => toggle(id)}>
            <span class={isOpen ? "twist is-open" : "twist"}>
              <Icon name="chevron" />
            </span>
            {label}
            <span class="muted">{Array.isArray(value) ? `[ ${exact(members)} ]` : `{ ${exact(members)} }`}</span>
          </button>
        ) : (
          <>
            <span class="twist none" />
            {label}{" "}
            {members === 0 ? (
              <span class="muted">{Array.isArray(value) ? "[ ]" : "{ }"}</span>
            ) : (
              <Scalar value={shortened(value)} />
            )}
          </>
        )}
      </span>
    </div>
  );
}

const LONGEST = 2000;

function shortened(value: unknown): unknown {
  return typeof value === "string" && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

function parse(bytes: Uint8Array): { readonly root: unknown } {
  try {
    return { root: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
  } catch (error) {
    const message = `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new Problem({ code: "MalformedJson", message, hint: "Look at it as Text." });
  }
}

function membersOf(value: unknown): [string, unknown][] | undefined {
  return value !== null && typeof value === "object" ? Object.entries(value) : undefined;
}

/** JSON Pointer: two members never have one. */
function pointer(parent: string, name: string): string {
  return `${parent}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Opens level by level while there are few lines. */
function firstOpen(root: unknown): Set<string> {
  const open = new Set<string>();
  let level: { readonly id: string; readonly value: unknown }[] = [{ id: "$", value: root }];
  for (let lines = 1; level.length > 0; ) {
    const next: typeof level = [];
    for (const { id, value } of level) {
      const members = membersOf(value) ?? [];
      lines += members.length;
      if (lines > FIRST_LINES && id !== "$") return open;
      open.add(id);
      for (const [name, inner] of members) next.push({ id: pointer(id, name), value: inner });
    }
    level = next;
  }
  return open;
}

function linesOf(root: unknown, isOpen: (id: string) => boolean): Line[] {
  const lines: Line[] = [];
  const stack: {
    readonly id: string;
    readonly name: string | undefined;
    readonly value: unknown;
    readonly depth: number;
  }[] = [{ id: "$", name: undefined, value: root, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { id, name, value, depth } = next;
    const members = membersOf(value);
    lines.push({ id, depth, name, value, members: members?.length });
    if (members === undefined || !isOpen(id) || depth > MOST_DEPTH) continue;
    for (const [inner, child] of members.reverse()) {
      stack.push({ id: pointer(id, inner), name: inner, value: child, depth: depth + 1 });
    }
  }
  return lines;
}
