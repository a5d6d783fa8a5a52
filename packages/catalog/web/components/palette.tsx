import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { navigate } from "../state/location.js";
import { closeOverlay } from "../state/overlay.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

/** One hit. */
export interface Hit {
  readonly href: string;
  readonly label: string;
}

/** A box in which one types to get somewhere. */
export interface PaletteProps {
  readonly label: string;
  /** What may be written, beside the label. */
  readonly hint?: string;
  readonly hits: readonly Hit[];
  readonly onQuery: (query: string) => void;
  readonly status: ComponentChildren;
}

/** Finds as one types; arrows choose, Enter goes there. */
export function Palette({ label, hint, hits, onQuery, status }: PaletteProps) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, hits.length - 1);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setChosen(Math.min(hits.length - 1, at + 1));
    else if (event.key === "ArrowUp") setChosen(Math.max(0, at - 1));
    else if (event.key === "Enter") go(hits[at]);
    else return;
    event.preventDefault();
  };
  const onInput = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    setQuery(value);
    setChosen(0);
    onQuery(value);
  };
  return (
    <Dialog label={label} class="palette">
      <label class="palette-input">
        <Icon name="search" />
        <input
          value={query}
          onInput={onInput}
          onKeyDown={onKeyDown}
          placeholder={hint === undefined ? label : `${label}: ${hint}`}
          aria-label={label}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-hits"
          aria-autocomplete="list"
          {...(hits.length > 0 ? { "aria-activedescendant": `hit-${at}` } : {})}
          autocomplete="off"
          spellcheck={false}
        />
        <kbd>esc</kbd>
      </label>
      <div id="palette-hits" ref={list} class="palette-hits" role="listbox" aria-label="Hits">
        {hits.map((hit, i) => (
          <a
            key={hit.href}
            id={`hit-${i}`}
            href={hit.href}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={leave}
            onMouseMove={() => setChosen(i)}
          >
            <Marked text={hit.label} query={query} />
          </a>
        ))}
      </div>
      <p class="palette-status" role="status">
        {status}
      </p>
    </Dialog>
  );
}

function go(hit: Hit | undefined): void {
  if (hit === undefined) return;
  closeOverlay();
  navigate(hit.href);
}

/** A click that goes there; one that opens another tab leaves this one as it is. */
function leave(event: MouseEvent): void {
  if (!event.metaKey && !event.ctrlKey && !event.shiftKey) closeOverlay();
}

/** A text with the letters that were typed marked in it. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const lower = text.toLowerCase();
  const inName = lower.indexOf(wanted, lower.lastIndexOf("/") + 1);
  const whole = inName === -1 ? lower.indexOf(wanted) : inName;
  if (wanted === "" || lower.length !== text.length) return <span>{text}</span>;
  if (whole !== -1) {
    return (
      <span>
        {text.slice(0, whole)}
        <mark>{text.slice(whole, whole + wanted.length)}</mark>
        {text.slice(whole + wanted.length)}
      </span>
    );
  }
  let next = 0;
  const letters = Array.from(text, (letter, i) => {
    const isHit = next < wanted.length && letter.toLowerCase() === wanted[next];
    if (isHit) next++;
    return isHit ? <mark key={i}>{letter}</mark> : letter;
  });
  return <span>{letters}</span>;
}
