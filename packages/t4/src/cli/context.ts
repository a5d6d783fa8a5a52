/** What a command may touch of the outside world. */
export interface CliContext {
  /** Writes data: what the command was asked for. */
  readonly out: (text: string) => void;
  /** Writes messages and progress. */
  readonly err: (text: string) => void;
  /** Whether messages go to a terminal. */
  readonly isTerminal: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
