import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../temporary.js";

const READER = fileURLToPath(new URL("read-table.js", import.meta.url));

/** How reading a table ended. */
export interface Outcome {
  readonly rows: number;
  readonly code: string;
  readonly message: string;
  readonly peakMiB: number;
}

/** Reads a file in a process of its own: what fills the memory, or does not end, must not take the tests along. */
export function readApart(name: string, content: string | Uint8Array): Outcome {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return JSON.parse(execFileSync(process.execPath, [READER, path], { encoding: "utf8", timeout: 60_000 })) as Outcome;
}
