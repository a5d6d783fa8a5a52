import { renameSync } from "node:fs";
import { rename } from "node:fs/promises";
import { hasSystemCode } from "../../base/errors.js";

/** Windows refuses to rename over a file that another program has open without sharing; it passes. */
const RETRIES = process.platform === "win32" ? 100 : 0;
const PAUSE_MS = 100;

/** Gives a file another name, in place of what has it. */
export async function renameFile(from: string, to: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      requirePassing(error, tries);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** {@link renameFile} in one piece. */
export function renameFileSync(from: string, to: string): void {
  for (let tries = 0; ; tries++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      requirePassing(error, tries);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function requirePassing(error: unknown, tries: number): void {
  if (tries >= RETRIES || !hasSystemCode(error, ["EPERM", "EACCES", "EBUSY"])) throw error;
}
