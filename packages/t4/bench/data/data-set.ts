import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Data that is made once from a seed and kept. */
export interface DataSet {
  /** A name that says all that its content depends on. */
  readonly name: string;
  /** Fills an empty directory. */
  readonly make: (directory: string) => Promise<void> | void;
}

/** The directory of a data set; made when it is not there yet, whole or not at all. */
export async function provide(cache: string, set: DataSet): Promise<string> {
  const directory = join(cache, "data", set.name);
  if (existsSync(directory)) return directory;
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await set.make(unfinished);
  renameSync(unfinished, directory);
  return directory;
}
