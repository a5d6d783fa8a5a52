import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const BIN: string = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));

/** System calls that change what is on a disk, make it durable, or tell others. */
export const WRITING = [
  "openat",
  "write",
  "writev",
  "pwrite64",
  "ftruncate",
  "copy_file_range",
  "ioctl",
  "rename",
  "link",
  "symlink",
  "unlink",
  "mkdir",
  "rmdir",
  "chmod",
  "fchmod",
  "utimensat",
  "fsync",
  "fdatasync",
  "syncfs",
] as const;

const PATH_BYTES = 4096;

/** One system call of a traced program. */
export interface Call {
  readonly thread: string;
  readonly name: string;
  /** Its arguments as strace prints them, files with their paths, and what it answered. */
  readonly text: string;
  /** Which of this thread's calls of this name it is, from 1: what `when=` of an injection counts. */
  readonly nth: number;
}

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a traced program ended, and what it did. */
export interface Traced extends Ended {
  readonly calls: readonly Call[];
}

/** What is traced, and what befalls it. */
export interface TraceOptions {
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  /** Names of the calls to trace. */
  readonly trace: readonly string[];
  /** So much of what is read and written is noted. Default enough for paths. */
  readonly stringBytes?: number;
  /** strace's `inject=` rules. */
  readonly inject?: readonly string[];
}

/** Runs the command under strace, which follows all its threads and children. */
export async function trace(args: readonly string[], options: TraceOptions): Promise<Traced> {
  const inject = options.inject ?? [];
  // Other calls do not stop then, which is twice as fast; but strace sends no signal (6.1).
  const filter = inject.some((rule) => rule.includes("signal=")) ? [] : ["--seccomp-bpf"];
  const rules = [`trace=${options.trace.join(",")}`, ...inject.map((rule) => `inject=${rule}`)];
  const flags = ["-f", ...filter, "-q", "-y", "-s", String(options.stringBytes ?? PATH_BYTES), "-o", options.log];
  const command = ["strace", ...flags, ...rules.flatMap((rule) => ["-e", rule]), process.execPath, BIN, ...args];
  const ended = await run(command, options.env);
  return { ...ended, calls: readCalls(options.log) };
}

/** Runs the command as it is. */
export function t4(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return run([process.execPath, BIN, ...args], env);
}

async function run([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  }) as [() => string, () => string];
  const ended = await new Promise<Pick<Ended, "status" | "signal">>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal }));
  });
  return { ...ended, stdout: stdout(), stderr: stderr() };
}

/** Whether a call names something below a directory, or through an open directory, as installs do. */
export function touches({ text }: Call, directory: string): boolean {
  return text.includes(`${directory}/`) || /"\/proc\/\d+\/fd\/\d+\//.test(text);
}

/** Reads what `strace -f -y` wrote: the calls in the order in which they began. */
export function readCalls(log: string): Call[] {
  const counts = new Map<string, number>();
  const unfinished = new Map<string, { text: string }>();
  const calls: Call[] = [];
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, name, text = ""] = /^(\w+)\((.*)$/.exec(rest) ?? [];
    if (name === undefined) {
      const call = rest.startsWith("<...") ? unfinished.get(thread) : undefined;
      if (call !== undefined) call.text += rest;
      continue;
    }
    const nth = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, nth);
    const call = { thread, name, text, nth };
    unfinished.set(thread, call);
    calls.push(call);
  }
  return calls;
}
