import { createInterface } from "node:readline/promises";
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { CliContext, Paint } from "./context.js";

/** The outside world of this process. */
export function processContext(signal: AbortSignal): CliContext {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    async outBytes(chunk) {
      if (!stdout.write(chunk)) await new Promise<void>((resolve) => stdout.once("drain", resolve));
    },
    paintOut: paintFor(stdout, env),
    err: (text) => void stderr.write(text),
    paintErr: paintFor(stderr, env),
    columns: () => (stderr.isTTY ? stderr.columns : undefined),
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `, { signal })).trim());
      } finally {
        reader.close();
      }
    },
    signal,
  };
}

/** Colours go to terminals; `NO_COLOR` forbids and `FORCE_COLOR` demands them. */
function paintFor(stream: WriteStream, env: NodeJS.ProcessEnv): Paint {
  const isWanted = env["FORCE_COLOR"] !== undefined || (stream.isTTY && !env["NO_COLOR"]);
  // Node looks at the variables again unless it is told not to.
  return (style, text) => (isWanted ? styleText(style, text, { validateStream: false }) : text);
}
