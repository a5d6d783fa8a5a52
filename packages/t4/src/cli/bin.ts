import module from "node:module";
import { main } from "./main.js";

// Node 22 and later keep compiled code between runs.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const interrupt = new AbortController();
process.on("SIGINT", () => {
  // The second Ctrl-C does not wait.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort(new Error("Interrupted."));
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has seen enough (`t4 … | head`).
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  signal: interrupt.signal,
});
