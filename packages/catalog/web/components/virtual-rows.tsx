import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows of one height of which only those in sight exist. */
export interface VirtualRowsProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly class?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly row: (index: number) => ComponentChildren;
  /** Told which rows are in sight, `[first, last)`. */
  readonly onVisible?: (first: number, last: number) => void;
  /** Stays in sight above the rows. */
  readonly head?: ComponentChildren;
  /** Brought into sight when it changes. */
  readonly focus?: number | undefined;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

const OVERSCAN = 8;
/** Browsers cut off elements that are higher than some 17 to 33 million pixels. */
const MAX_HEIGHT = 8_000_000;

interface Window {
  readonly top: number;
  readonly height: number;
}

/** A scrolling list of any length: at most some fifty rows are in the page. */
export function VirtualRows(props: VirtualRowsProps) {
  const { count, rowHeight, row, onVisible, head, focus } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<Window>({ top: 0, height: 600 });
  const full = count * rowHeight;
  const height = Math.min(full, MAX_HEIGHT);
  // Above that height the scroll bar stands for more rows than it has pixels.
  const scale = full > height ? (full - view.height) / (height - view.height) : 1;
  const first = Math.max(0, Math.floor((view.top * scale) / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top * scale + view.height) / rowHeight) + OVERSCAN);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(() => onVisible?.(first, last), [first, last, count]);
  useLayoutEffect(() => {
    if (focus !== undefined && scroller.current !== null)
      reveal(scroller.current, (focus * rowHeight) / scale, rowHeight);
  }, [focus, rowHeight]);

  const offset = first * rowHeight - view.top * scale + view.top;
  return (
    <div
      ref={scroller}
      class={`rows ${props.class ?? ""}`}
      style={props.style}
      onKeyDown={props.onKeyDown}
      {...props.attributes}
    >
      {head}
      <div class="rows-space" role="presentation" style={{ height: `${height}px` }}>
        <div
          class="rows-window"
          role={props.attributes?.["role"] === "tree" ? "presentation" : "rowgroup"}
          style={{ transform: `translateY(${offset}px)` }}
        >
          {Array.from({ length: Math.max(0, last - first) }, (_, i) => row(first + i))}
        </div>
      </div>
    </div>
  );
}

function reveal(element: HTMLElement, top: number, rowHeight: number): void {
  if (top < element.scrollTop) element.scrollTop = top;
  const below = top + 2 * rowHeight - element.clientHeight;
  if (below > element.scrollTop) element.scrollTop = below;
}
