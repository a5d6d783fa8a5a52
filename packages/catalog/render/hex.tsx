import { useRef, useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { VirtualRows } from "../web/components/virtual-rows.js";
import { counted } from "../web/format.js";
import { asProblem, type Problem } from "../web/state/api-client.js";
import type { PreviewProps } from "./previews.js";
import { readBytes } from "./read-bytes.js";

const ROW_HEIGHT = 22;
const ROW_BYTES = 16;
const PAGE_BYTES = 64 << 10;

/** The bytes of a file of any size; what comes into sight is read. */
export function View({ file }: PreviewProps) {
  const pages = useRef(new Map<number, Uint8Array | "asked">());
  const [problem, setProblem] = useState<Problem | undefined>();
  const [, redraw] = useState(0);
  const load = async (page: number): Promise<void> => {
    if (pages.current.has(page)) return;
    pages.current.set(page, "asked");
    try {
      const start = page * PAGE_BYTES;
      pages.current.set(page, await readBytes(file, { start, end: Math.min(file.size, start + PAGE_BYTES) }));
    } catch (error) {
      setProblem(asProblem(error));
    }
    redraw((count) => count + 1);
  };
  const onVisible = (first: number, last: number): void => {
    const [from, to] = [first * ROW_BYTES, Math.min(file.size, last * ROW_BYTES)];
    for (let page = Math.floor(from / PAGE_BYTES); page * PAGE_BYTES < to; page++) void load(page);
  };
  const row = (index: number) => {
    const at = index * ROW_BYTES;
    const page = pages.current.get(Math.floor(at / PAGE_BYTES));
    const bytes =
      page === undefined || page === "asked"
        ? new Uint8Array()
        : page.subarray(at % PAGE_BYTES, (at % PAGE_BYTES) + ROW_BYTES);
    return (
      <div key={index} class="hex-row" role="row" style={{ height: `${ROW_HEIGHT}px` }}>
        <span class="muted" role="cell">
          {at.toString(16).padStart(8, "0")}
        </span>
        <span role="cell">
          {Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
            .join(" ")
            .padEnd(ROW_BYTES * 3)}
        </span>
        <span class="muted" role="cell">
          {String.fromCharCode(...bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? byte : 0x2e)))}
        </span>
      </div>
    );
  };
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  return (
    <>
      <VirtualRows
        class="hex-view"
        count={Math.ceil(file.size / ROW_BYTES)}
        rowHeight={ROW_HEIGHT}
        onVisible={onVisible}
        row={row}
        attributes={{ role: "table", "aria-label": "Bytes", tabIndex: 0 }}
      />
      <p class="view-foot">{counted(file.size, "byte")}</p>
    </>
  );
}
