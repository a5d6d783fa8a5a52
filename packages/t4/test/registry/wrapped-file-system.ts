import type { FileSystem } from "#t4/store/file/file-system.js";
import { nodeFileSystem } from "#t4/store/file/file-system.js";

/** A file system that does something before each call: waits, counts, takes notes. */
export function wrapped(before: (name: string, args: readonly unknown[]) => Promise<void>): FileSystem {
  const calls = Object.entries(nodeFileSystem).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      await before(name, args);
      return (call as (...inner: unknown[]) => Promise<unknown>)(...args);
    },
  ]);
  // What it knows to be on the disk is its own, as if it were a process by itself.
  return { ...(Object.fromEntries(calls) as unknown as FileSystem), lastingNames: new Set() };
}
