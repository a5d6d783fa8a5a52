import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

/** Removes a directory with all in it, also where a tool took away the right to write. */
export function removeAll(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    spawnSync("chmod", ["-R", "u+w", path]);
    rmSync(path, { recursive: true, force: true });
  }
}
