import { createHash, randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { currentHolder, isGone } from "../store/file/holder.js";

/** What tells whether the process that made a temporary file lives: its machine, the boot, its number and start. */
const NAME = /^([0-9a-f]{16})-([0-9a-f]{16})-([0-9]+)-([0-9]*)-[0-9a-f-]{36}$/;
/** What nobody can tell about belongs to no living install when it was not written for so long. */
const STALE_MS = 24 * 3600 * 1000;

/** A name for a temporary file that no one else uses, and that tells whose it is. */
export function temporaryName(): string {
  prefix ??= `${machine()}-${boot()}-${self().pid}-${self().start}`;
  return `${prefix}-${randomUUID()}`;
}

/** Whether no living install has a temporary file of this name, last written so long ago. */
export function isAbandoned(name: string, ageMs: number): boolean {
  const [, itsMachine, itsBoot, pid, start = ""] = NAME.exec(name) ?? [];
  if (itsMachine !== machine()) return ageMs > STALE_MS;
  return itsBoot !== boot() || isGone({ ...self(), pid: Number(pid), start });
}

let prefix: string | undefined;
let own: ReturnType<typeof currentHolder> | undefined;

function self(): ReturnType<typeof currentHolder> {
  own ??= currentHolder("");
  return own;
}

/** Numbers of processes mean something on one machine, in one container. */
function machine(): string {
  return short(`${self().host} ${processSpace()}`);
}

function boot(): string {
  return short(self().boot);
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function processSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    // Another system than Linux, or one that does not tell.
    return "";
  }
}
