import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of the benchmark. */
export const BENCH = fileURLToPath(new URL("../", import.meta.url));

/** The command as users get it. */
export const T4_BIN = join(BENCH, "../dist/bin.cjs");

/** Where generated data is kept between runs unless `--cache` says otherwise. */
export function defaultCache(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "t4-bench");
}
