import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { openRecord } from "../sealed-record.js";

/** A process: enough to tell, on the same machine, whether it still lives. */
export interface ProcessRecord {
  readonly host: string;
  /** Changes with every boot; empty where the system does not tell. */
  readonly boot: string;
  readonly pid: number;
  /** Start time of the process, which tells it from a later one with the same number; empty where unknown. */
  readonly start: string;
}

/** Who holds a turn. */
export interface Holder extends ProcessRecord {
  /** The name, among the temporary files, of what the holder would publish with: removing it shuts the holder out. */
  readonly ticket: string;
}

/** This process. */
export function currentProcess(): ProcessRecord {
  return { host: hostname(), boot: bootId(), pid: process.pid, start: startOf(process.pid) ?? "" };
}

/** This process as a holder. */
export function currentHolder(ticket: string): Holder {
  return { ...currentProcess(), ticket };
}

/** How tickets are named: a record may lead to no other file. */
const TICKET = /^[0-9a-f-]{36}\.ticket$/;

/** Whether a temporary file is a ticket. */
export function isTicket(name: string): boolean {
  return TICKET.test(name);
}

/** Reads a process's record; `undefined` when it is damaged. */
export function parseProcess(bytes: Uint8Array): ProcessRecord | undefined {
  const { host, boot: bootOf, pid, start } = openRecord(bytes) ?? {};
  if (typeof host !== "string" || typeof bootOf !== "string" || typeof start !== "string") return undefined;
  return typeof pid === "number" && pid > 0 ? { host, boot: bootOf, pid, start } : undefined;
}

/** Reads a holder's record; `undefined` when it is damaged. */
export function parseHolder(bytes: Uint8Array): Holder | undefined {
  const { ticket } = openRecord(bytes) ?? {};
  const found = parseProcess(bytes);
  return found !== undefined && typeof ticket === "string" && isTicket(ticket) ? { ...found, ticket } : undefined;
}

/** Whether a process is known to be gone; `false` also when it cannot be known. */
export function isGone(holder: ProcessRecord): boolean {
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
