import type { ComponentChildren } from "preact";
import type { Problem } from "../state/api-client.js";
import { Command } from "./empty.js";
import { Icon } from "./icon.js";

/** What the box shows and offers. */
export interface ProblemBoxProps {
  readonly problem: Problem;
  readonly retry?: () => void;
  /** Other ways on. */
  readonly children?: ComponentChildren;
}

/** Says what went wrong and what to do next. */
export function ProblemBox({ problem, retry, children }: ProblemBoxProps) {
  return (
    <div class="problem" role="alert">
      <h2>
        <Icon name="alert" /> {problem.message}
      </h2>
      {problem.hint === undefined ? null : <p>{problem.hint}</p>}
      {problem.command === undefined ? null : <Command text={problem.command} />}
      <p class="actions">
        {retry === undefined ? null : (
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        )}
        {children}
        <code class="muted">{problem.code}</code>
      </p>
    </div>
  );
}
