import { main } from "#t4/cli/main.js";
import { escaped } from "#t4/cli/shown.js";

type Context = Parameters<typeof main>[1];

/** The command with an outside world of the test's. */
export class Terminal {
  out = "";
  err = "";
  readonly questions: string[] = [];
  columns: number | undefined;
  isOutTerminal = false;
  answer: boolean | undefined;

  run(...argv: string[]): Promise<number> {
    this.out = "";
    this.err = "";
    return main(argv, this.context());
  }

  context(): Context {
    const paint: Context["paintOut"] = (_, text) => (typeof text === "string" ? { shown: escaped(text) } : text);
    return {
      out: ({ shown }) => void (this.out += shown),
      outBytes: async (chunk) => void (this.out += Buffer.from(chunk).toString()),
      isOutTerminal: () => this.isOutTerminal,
      paintOut: paint,
      err: ({ shown }) => void (this.err += shown),
      paintErr: paint,
      columns: () => this.columns,
      confirm: async ({ shown }) => {
        this.questions.push(shown);
        return this.answer;
      },
      signal: new AbortController().signal,
    };
  }
}
