import type { ComponentChildren } from "preact";
import { CopyButton } from "./copy-button.js";

/** What stands where nothing is, and what to do next. */
export interface EmptyProps {
  readonly title: ComponentChildren;
  /** A command that would change that. */
  readonly command?: string;
  /** Why nothing is here, and other ways on. */
  readonly children?: ComponentChildren;
}

/** Says that nothing is here, and offers what to do next. */
export function Empty({ title, command, children }: EmptyProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
      {command === undefined ? null : <Command text={command} />}
    </div>
  );
}

/** A command to copy. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton text={text} what="the command" />
    </div>
  );
}
