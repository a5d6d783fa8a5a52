import { readFileSync } from "node:fs";

/**
 * The most memory that this process had at a time, MiB. `maxRSS` begins with what the process had that started this one, a
 * runner of tests perhaps: on Linux the memory's own high-water mark is read.
 */
export function peakMiB(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
}
