import { Component, type ComponentChildren } from "preact";
import { asProblem, Problem } from "../state/api-client.js";
import { ProblemBox } from "./problem-box.js";

interface BoundaryProps {
  /** What is shown: another one is tried anew. */
  readonly of: unknown;
  /** Around a whole page. */
  readonly isPage?: boolean;
  readonly children: ComponentChildren;
}

interface BoundaryState {
  readonly of?: unknown;
  readonly error?: unknown;
}

/** Says what failed in place of what it is around; the rest of the page lives on. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  static override getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  static override getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return state.of === of ? null : { of, error: undefined };
  }

  override state: BoundaryState = {};

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const message = `The catalog could not show this: ${asProblem(error).message}.`;
    const hint = "Look at it another way, or download it. This is a bug of the catalog: please report it.";
    const problem = new Problem({ code: "Unexpected", message, hint });
    const box = <ProblemBox problem={problem} retry={() => this.setState({ error: undefined })} />;
    return this.props.isPage !== true ? (
      box
    ) : (
      <main id="main" class="page narrow">
        {box}
      </main>
    );
  }
}
