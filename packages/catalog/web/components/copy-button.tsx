import { useState } from "preact/hooks";
import { copy } from "../state/toast.js";
import { Icon } from "./icon.js";

const DONE_MS = 1500;

/** Copies a text that people would type elsewhere. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isDone, setDone] = useState(false);
  const onClick = (): void => {
    void copy(text, what).then(setDone);
    setTimeout(() => setDone(false), DONE_MS);
  };
  return (
    <button type="button" class="icon-button" aria-label={`Copy ${what}`} title={`Copy ${what}`} onClick={onClick}>
      <Icon name={isDone ? "check" : "copy"} />
    </button>
  );
}
