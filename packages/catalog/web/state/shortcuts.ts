import { type RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What a key does; keys that follow each other are written with a space: `g p`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Time between two keys that belong together. */
const PAIR_MS = 1500;

/** Those of all that is shown, what was shown last first. */
const listening: RefObject<Shortcuts>[] = [];
let first = { key: "", at: 0 };

/** Listens to keys while a component is shown; never while somebody writes, and never with Ctrl, Alt or Meta. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef<Shortcuts>(shortcuts);
  current.current = shortcuts;
  // At once: what is seen can be used.
  useLayoutEffect(() => {
    if (listening.length === 0) window.addEventListener("keydown", listen);
    listening.unshift(current);
    return () => {
      listening.splice(listening.indexOf(current), 1);
      if (listening.length === 0) window.removeEventListener("keydown", listen);
    };
  }, []);
}

function listen(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isWriting(event.target)) return;
  const pair = event.timeStamp - first.at < PAIR_MS ? `${first.key} ${event.key}` : "";
  // A second key of two does not do what it does alone.
  const action = actionOf(pair) ?? actionOf(event.key);
  first = { key: event.key, at: event.timeStamp };
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function actionOf(keys: string): (() => void) | undefined {
  for (const { current } of listening) if (current !== null && Object.hasOwn(current, keys)) return current[keys];
  return undefined;
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  // A dialog that was just closed has the keyboard for a moment yet.
  return target.closest("input, textarea, select, dialog[open]") !== null;
}
