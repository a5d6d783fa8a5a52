import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { T4Error } from "../../base/errors.js";

/** Who holds a turn: enough to tell, on the same machine, whether that process still lives. */
export interface Holder {
  readonly host: string;
  /** Changes with every boot; empty where the system does not tell. */
  readonly boot: string;
  readonly pid: number;
  /** Start time of the process, which tells it from a later one with the same number; empty where unknown. */
  readonly start: string;
  /** What the holder would publish with: removing it shuts the holder out for good. */
  readonly ticket: string;
}

/** This process as a holder. */
export function currentHolder(ticket: string): Holder {
  return { host: hostname(), boot: bootId(), pid: process.pid, start: startOf(process.pid) ?? "", ticket };
}

/** Reads a holder's record. */
export function parseHolder(bytes: Uint8Array): Holder {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Holder;
  } catch (cause) {
    throw new T4Error("ERR_T4_FORMAT", "A lock record of the registry is damaged.", {
      hint: "Run t4 fsck --repair.",
      cause,
    });
  }
}

/** Whether a holder is known to be gone; `false` also when it cannot be known. */
export function isGone(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  if (holder.boot !== bootId()) return true;
  if (holder.start !== "") return startOf(holder.pid) !== holder.start;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

let boot: string | undefined;

function bootId(): string {
  boot ??= read("/proc/sys/kernel/random/boot_id") ?? "";
  return boot;
}

/** Field 22 of `/proc/<pid>/stat`; the name in field 2 may hold blanks and parentheses. */
function startOf(pid: number): string | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" ? undefined : fields?.[19];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
