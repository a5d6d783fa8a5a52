import type { ComponentChildren } from "preact";
import { askStatement } from "../asked-statement.js";

interface SqlLinkProps {
  /** Address of the file. */
  readonly href: string;
  readonly statement: string;
  readonly title: string;
  /** Not among what the keyboard walks through. */
  readonly isQuiet?: boolean;
  readonly children: ComponentChildren;
}

/** Leads to a statement on a file, which is run there: a press is the reader's word. */
export function SqlLink({ href, statement, title, isQuiet = false, children }: SqlLinkProps) {
  return (
    <a
      class="sql-link ellipsis"
      href={`${href}?${new URLSearchParams({ view: "sql", sql: statement })}`}
      title={title}
      {...(isQuiet ? { tabIndex: -1 } : {})}
      onClick={() => askStatement(statement)}
    >
      {children}
    </a>
  );
}
