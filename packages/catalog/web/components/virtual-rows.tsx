import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { keepPlace, keptPlace, placeOf } from "../state/scroll-places.js";

/** Rows of one height of which only those in sight exist. */
export interface VirtualRowsProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly class?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly row: (index: number) => ComponentChildren;
  /** Told which rows are in sight, `[first, last)`. */
  readonly onVisible?: (first: number, last: number) => void;
  /** What the rows are of: told again of which are in sight when it is another one. */
  readonly source?: unknown;
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
  /** Where the scroll bar stands. */
  readonly top: number;
  /** Where the rows stand, in pixels of rows: the same, unless the bar stands for more of them than it has. */
  readonly at: number;
  readonly height: number;
  /** What stays in sight above the rows. */
  readonly head: number;
}

/** How many pixels of rows one pixel of the scroll bar stands for. */
function scaleOf(full: number, { height, head }: Window): number {
  return full > MAX_HEIGHT ? (full + head - height) / (MAX_HEIGHT + head - height) : 1;
}

/** The window after the reader moved the scroll bar; where nobody did, the rows stay where they are. */
function moved(element: HTMLElement, before: Window, full: number): Window {
  const [top, height] = [element.scrollTop, element.clientHeight];
  const head = element.scrollHeight - Math.min(full, MAX_HEIGHT);
  const scale = scaleOf(full, { ...before, height, head });
  return { top, height, head, at: top === before.top ? before.at : top * scale };
}

/** A scrolling list of any length: at most some fifty rows are in the page. */
export function VirtualRows(props: VirtualRowsProps) {
  const { count, rowHeight, row, onVisible, head, focus } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<Window>({ top: 0, at: 0, height: 600, head: 0 });
  const full = count * rowHeight;
  const place = useRef(placeOf(String(props.attributes?.["aria-label"])));
  const first = Math.max(0, Math.floor(view.at / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.at + view.height) / rowHeight) + OVERSCAN);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setView((before) => moved(element, before, full));
    const wheel = (event: WheelEvent): void => {
      if (full <= MAX_HEIGHT || event.ctrlKey || event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || event.deltaY === 0)
        return;
      // By the bar's own measure, one notch would leave out screens of rows.
      event.preventDefault();
      setView((before) => scrolledTo(element, before, { full, at: before.at + event.deltaY }));
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    element.addEventListener("wheel", wheel, { passive: false });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      element.removeEventListener("wheel", wheel);
      observer.disconnect();
    };
  }, [full]);
  useLayoutEffect(() => onVisible?.(first, last), [first, last, count, props.source]);
  useLayoutEffect(() => {
    const [element, at] = [scroller.current, keptPlace(place.current)];
    if (element !== null && at > 0)
      setView((before) => scrolledTo(element, moved(element, before, full), { full, at }));
  }, []);
  useEffect(() => keepPlace(place.current, view.at), [view.at]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (focus === undefined || element === null) return;
    setView((before) => {
      const now = moved(element, before, full);
      const at = revealed(now, focus * rowHeight, rowHeight);
      return at === now.at ? now : scrolledTo(element, now, { full, at });
    });
  }, [focus, rowHeight, count]);

  const offset = first * rowHeight - view.at + view.top;
  return (
    <div
      ref={scroller}
      class={`rows ${props.class ?? ""}`}
      style={props.style}
      onKeyDown={props.onKeyDown}
      {...props.attributes}
    >
      {head}
      <div class="rows-space" role="presentation" style={{ height: `${Math.min(full, MAX_HEIGHT)}px` }}>
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

/** Where the rows must stand for one of them to be in sight: near the edge if it is next to it, else in the middle. */
function revealed({ at, height, head }: Window, row: number, rowHeight: number): number {
  const seen = height - head;
  const above = at - row;
  const below = row + 2 * rowHeight - (at + seen);
  if (above <= 0 && below <= 0) return at;
  if (Math.max(above, below) > 4 * rowHeight) return row - seen / 2;
  return above > 0 ? row : at + below;
}

/** Moves the rows, and the scroll bar with them. */
function scrolledTo(element: HTMLElement, view: Window, to: { readonly full: number; readonly at: number }): Window {
  const at = Math.max(0, Math.min(to.full + view.head - view.height, to.at));
  element.scrollTop = at / scaleOf(to.full, view);
  return { ...view, at, top: element.scrollTop };
}
