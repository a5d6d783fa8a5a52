import { useState } from "preact/hooks";
import { exact, visible } from "../format.js";

/** Members that are shown before one asks for more. */
const FIRST = 50;

/** Whether there is metadata to show. */
export function hasMembers(meta: unknown): boolean {
  return typeof meta === "object" && meta !== null && Object.keys(meta).length > 0;
}

/** Metadata, or any JSON, as a tree that opens and closes. */
export function MetaTree({ value, depth = 0 }: { readonly value: unknown; readonly depth?: number }) {
  const [shown, setShown] = useState(FIRST);
  if (value === null || typeof value !== "object") return <Scalar value={value} />;
  const members = Object.entries(value);
  if (members.length === 0) return <span class="json-empty">{Array.isArray(value) ? "[ ]" : "{ }"}</span>;
  return (
    <ul class="meta-tree">
      {members.slice(0, shown).map(([name, inner]) => (
        <li key={name}>
          <Member name={name} value={inner} depth={depth} />
        </li>
      ))}
      {members.length > shown ? (
        <li>
          <button type="button" class="link-button" onClick={() => setShown(shown * 10)}>
            {exact(members.length - shown)} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Member({ name, value, depth }: { readonly name: string; readonly value: unknown; readonly depth: number }) {
  const isInner = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  const list = scalarList(value);
  if (!isInner || list !== undefined) {
    return (
      <>
        <span class="json-key">{visible(name)}</span> {list ?? <MetaTree value={value} />}
      </>
    );
  }
  return <Inner name={name} value={value} isFirst={depth < 1} depth={depth + 1} />;
}

interface InnerProps {
  readonly name: string;
  readonly value: object;
  readonly isFirst: boolean;
  readonly depth: number;
}

/** What is closed is not made: metadata may be deeper than a stack, and wider than a page. */
function Inner({ name, value, isFirst, depth }: InnerProps) {
  const size = Object.keys(value).length;
  const [isOpen, setOpen] = useState(isFirst && size <= FIRST);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="json-key">{visible(name)}</span> <span class="muted">{exact(size)}</span>
      </summary>
      {isOpen ? <MetaTree value={value} depth={depth} /> : null}
    </details>
  );
}

/** A short list of plain values, in one line. */
function scalarList(value: unknown) {
  if (!Array.isArray(value) || value.length === 0 || value.length > 8) return undefined;
  if (value.some((item) => item !== null && typeof item === "object")) return undefined;
  return (
    <span class="scalar-list">
      {value.map((item: unknown, i) => (
        <Scalar key={i} value={item} />
      ))}
    </span>
  );
}

/** A plain value in its type's colour. */
export function Scalar({ value }: { readonly value: unknown }) {
  if (typeof value === "string") return <span class="json-string">{visible(value)}</span>;
  return <span class={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
}
