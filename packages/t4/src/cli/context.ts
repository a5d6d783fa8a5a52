/** How a piece of text is shown on a terminal. */
export type Style = "green" | "yellow" | "red" | "dim" | "bold";

/** Gives text a style where the stream shows colours, else none. */
export type Paint = (style: Style, text: string) => string;

/** What a command may touch of the outside world. */
export interface CliContext {
  /** Writes data: what the command was asked for. */
  readonly out: (text: string) => void;
  /** Writes data that is no text; resolves when more can be taken. */
  readonly outBytes: (chunk: Uint8Array) => Promise<void>;
  /** Styles text for {@link CliContext.out}. */
  readonly paintOut: Paint;
  /** Writes messages and progress. */
  readonly err: (text: string) => void;
  /** Styles text for {@link CliContext.err}. */
  readonly paintErr: Paint;
  /** Columns of the terminal that messages go to; `undefined` when they do not go to one. */
  readonly columns: () => number | undefined;
  /** Asks a person, on a terminal; `undefined` when there is none. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
