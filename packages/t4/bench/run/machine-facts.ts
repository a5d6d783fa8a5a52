import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import { BENCH } from "../paths.js";

/** What a reader must know of the machine, without its name or its paths. */
export interface MachineFacts {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly openssl: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly fileSystem: string;
  /** Processes that wanted to run, the minute before: above 1 the figures are noisy. */
  readonly load: number;
}

/** Looks at the machine; `directory` is where the data lies. */
export function machineFacts(directory: string): MachineFacts {
  return {
    date: new Date().toISOString(),
    commit: ask("git", "-C", BENCH, "describe", "--always", "--dirty"),
    node: process.version,
    openssl: ask("openssl", "version"),
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    fileSystem: fileSystemOf(directory),
    load: loadavg()[0] ?? 0,
  };
}

function fileSystemOf(directory: string): string {
  if (!existsSync("/proc/mounts")) return ask("df", "-P", directory);
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  const device = ask("df", "--output=target", directory).split("\n").at(-1);
  return mounts.find((line) => line.split(" ")[1] === device)?.split(" ")[2] ?? "unknown";
}

function ask(command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}
