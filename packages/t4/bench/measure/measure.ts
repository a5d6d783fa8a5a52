import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH } from "../paths.js";

/** What one run of a command cost, itself and all that it waited for. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time of all threads and children. */
  readonly cpuSeconds: number;
  /** Peak of the largest single process. */
  readonly peakMiB: number;
  /** What went to the disk, as the kernel accounts it to those who wrote it. */
  readonly writtenMiB: number;
  /** On S3: what its server answered, and what it got and gave. */
  readonly requests?: number;
  readonly sentMiB?: number;
  readonly receivedMiB?: number;
}

/** A command with where and with what it runs. */
export interface MeasureRequest {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** An existing directory for what the command prints. */
  readonly scratch: string;
}

/**
 * Runs a command as a process and resolves what it cost and the last line that it printed.
 *
 * Needs `python3`: Node cannot ask for the accounting of a child.
 *
 * @throws Error with the command's own messages when it exits with another code than 0.
 */
export function measure({ command, cwd, env, scratch }: MeasureRequest): Cost & { readonly answer: string } {
  const [out, err] = [join(scratch, "stdout"), join(scratch, "stderr")];
  const launcher = ["-IS", join(BENCH, "measure/measure.py"), out, err, cwd, ...command];
  const { exitCode, ...cost } = JSON.parse(execFileSync("python3", launcher, { env, encoding: "utf8" })) as Cost & {
    readonly exitCode: number;
  };
  if (exitCode !== 0) {
    const messages = readFileSync(err, "utf8").slice(-2000);
    throw new Error(`Exit code ${exitCode}, expected 0: ${command.join(" ")}\n${messages}`);
  }
  return { ...cost, answer: lastLine(out) };
}

function lastLine(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "";
}
