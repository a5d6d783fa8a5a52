import type { Shown } from "./shown.js";

/** How a piece of text is shown on a terminal. */
export type Style = "green" | "yellow" | "red" | "dim" | "bold";

/** Escapes text, and gives it a style where the stream shows colours. */
export type Paint = (style: Style, text: string | Shown) => Shown;

/** What a command may touch of the outside world. */
export interface CliContext {
  /** Writes data: what the command was asked for. `ifLost` is said as a message where it cannot be written. */
  readonly out: (text: Shown, ifLost?: Shown) => void;
  /** Writes data that is no text, byte for byte; resolves when more can be taken. */
  readonly outBytes: (chunk: Uint8Array) => Promise<void>;
  /** Whether data goes to a terminal. */
  readonly isOutTerminal: () => boolean;
  /** Styles text for {@link CliContext.out}. */
  readonly paintOut: Paint;
  /** Writes messages and progress. */
  readonly err: (text: Shown) => void;
  /** Styles text for {@link CliContext.err}. */
  readonly paintErr: Paint;
  /** Columns of the terminal that messages go to; `undefined` when they do not go to one. */
  readonly columns: () => number | undefined;
  /** Asks a person, on a terminal; `undefined` when there is none. */
  readonly confirm: (question: Shown) => Promise<boolean | undefined>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
