import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { closeOverlay } from "../state/overlay.js";

/** Something over the page that Escape and a click beside it close. */
export interface DialogProps {
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Lies over the page; the keyboard stays inside, and goes back to where it was. */
export function Dialog({ label, children, ...rest }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  // At once: what is typed next belongs to the dialog.
  useLayoutEffect(() => {
    element.current?.showModal();
    return () => element.current?.close();
  }, []);
  return (
    // The dialog fills nothing but its box: a click on the element itself is one beside the content.
    <dialog
      ref={element}
      class={`dialog ${rest.class ?? ""}`}
      aria-label={label}
      onClose={closeOverlay}
      onClick={(event) => {
        if (event.target === element.current) closeOverlay();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
