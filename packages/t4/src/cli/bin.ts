#!/usr/bin/env node
import module from "node:module";
import { main } from "./main.js";
import { processContext } from "./process-context.js";

// Node 22 and later keep compiled code between runs.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Once the command is done there is only output to wait for.
    if (!interrupt.signal.aborted && process.exitCode === undefined) {
      interrupt.abort(new Error("Interrupted."));
      return;
    }
    // The second Ctrl-C does not wait; it leaves no half line of progress.
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    process.exit(130);
  });
}
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has seen enough (`t4 … | head`).
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`error: Cannot write the output: ${error.message}.\n`);
  process.exit(1);
});

async function run(): Promise<void> {
  const code = await main(process.argv.slice(2), processContext(interrupt.signal));
  // What a command that only prints was at goes on; nobody waits for it.
  if (interrupt.signal.aborted && code !== 0) process.exit(code);
  process.exitCode = code;
}

// Not awaited: this file starts as CommonJS, which Node loads in half the time of a module.
void run();
