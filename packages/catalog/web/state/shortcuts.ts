import { useLayoutEffect, useRef } from "preact/hooks";

/** What a key does; keys that follow each other are written with a space: `g p`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Time between two keys that belong together. */
const PAIR_MS = 1500;

/** Listens to keys while a component is shown; never while somebody writes, and never with Ctrl, Alt or Meta. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  // At once: what is seen can be used.
  useLayoutEffect(() => {
    let first = { key: "", at: 0 };
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isWriting(event.target)) return;
      const pair = event.timeStamp - first.at < PAIR_MS ? `${first.key} ${event.key}` : "";
      const action = current.current[pair] ?? current.current[event.key];
      first = { key: event.key, at: event.timeStamp };
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  // A dialog that was just closed has the keyboard for a moment yet.
  return target.closest("input, textarea, select, dialog[open]") !== null;
}
