import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BENCH } from "../paths.js";

/** A long line to a server: what goes through it takes so long more, there and back. */
export interface SlowLine {
  /** Where it begins, `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  close(): void;
}

/** Starts a line in a process of its own, which no run accounts for. */
export async function openSlowLine(endpoint: string, ms: number): Promise<SlowLine> {
  const program = join(BENCH, "lib/programs/slow-line.js");
  const child = spawn(process.execPath, [program, endpoint, String(ms)], { stdio: ["pipe", "pipe", "inherit"] });
  const [begins] = (await once(createInterface(child.stdout), "line")) as [string];
  return { endpoint: begins, close: () => void child.stdin.end() };
}
