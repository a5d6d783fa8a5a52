import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { CliContext, Paint } from "./context.js";
import { escaped } from "./shown.js";

/** The outside world of this process. A stream is opened when it is first used: each costs a start a millisecond or more. */
export function processContext(signal: AbortSignal): CliContext {
  const { stdout } = process;
  return {
    out({ shown }, ifLost) {
      // That the writing failed is told after this.
      stdout.write(shown, (error) => void (error && ifLost && process.stderr.write(ifLost.shown)));
    },
    async outBytes(chunk) {
      if (!stdout.write(chunk)) await new Promise<void>((resolve) => stdout.once("drain", resolve));
    },
    isOutTerminal: () => stdout.isTTY,
    paintOut: paintFor(() => stdout),
    err: ({ shown }) => void process.stderr.write(shown),
    paintErr: paintFor(() => process.stderr),
    columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
    async confirm({ shown }) {
      const { stdin, stderr } = process;
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const { createInterface } = await import("node:readline/promises");
      const reader = createInterface({ input: stdin, output: stderr });
      // While it asks, the keys of the terminal come here: Ctrl-C is given on as the signal that it is elsewhere.
      reader.once("SIGINT", () => {
        stderr.write("\n");
        process.emit("SIGINT");
      });
      // Ctrl-D is no answer, and nothing else would come.
      const left = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
      try {
        const answer = await Promise.race([reader.question(`${shown} [y/N] `, { signal }), left]);
        return /^y(es)?$/i.test(answer.trim());
      } finally {
        reader.close();
      }
    },
    signal,
  };
}

/** Colours go to terminals; `NO_COLOR` forbids and `FORCE_COLOR` demands them. */
function paintFor(stream: () => WriteStream): Paint {
  return (style, text) => {
    const plain = typeof text === "string" ? escaped(text) : text.shown;
    const { FORCE_COLOR, NO_COLOR } = process.env;
    const isWanted = FORCE_COLOR !== undefined || (stream().isTTY && !NO_COLOR);
    // Node looks at the variables again unless it is told not to.
    return { shown: isWanted ? styleText(style, plain, { validateStream: false }) : plain };
  };
}
