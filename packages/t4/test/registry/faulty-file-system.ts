import type { FileSystem } from "#t4/store/file/file-system.js";
import { nodeFileSystem } from "#t4/store/file/file-system.js";

/** Thrown in place of a call that the dead process never made. */
export class Crash extends Error {}

/** A file system that dies at its n-th call: that call and all later ones do not happen. */
export function dyingFileSystem(deadAt: number): { readonly fs: FileSystem; readonly calls: () => number } {
  let calls = 0;
  return {
    fs: wrapped(async () => {
      if (++calls >= deadAt) throw new Crash(`call ${deadAt}`);
    }),
    calls: () => calls,
  };
}

/** A file system that does something before each call: waits, counts, takes notes. */
export function wrapped(before: (name: string, args: readonly unknown[]) => Promise<void>): FileSystem {
  const calls = Object.entries(nodeFileSystem).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      await before(name, args);
      return (call as (...inner: unknown[]) => Promise<unknown>)(...args);
    },
  ]);
  return Object.fromEntries(calls) as FileSystem;
}
