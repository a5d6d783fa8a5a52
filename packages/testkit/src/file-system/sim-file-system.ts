import type { FileSystem } from "../../../t4/lib/store/file/file-system.js";
import type { Actor, Scheduler } from "../scheduler.js";
import { type SimDisk, simError } from "./sim-disk.js";

/** Decides whether a call fails: with which system error (`ENOSPC`, `EIO`, …), or `undefined` not. */
export type Fault = (call: { readonly name: string; readonly path: string }) => string | undefined;

/** What {@link simFileSystem} stands on. */
export interface SimFileSystemOptions {
  readonly disk: SimDisk;
  readonly scheduler: Scheduler;
  readonly actor: Actor;
  readonly fault?: Fault;
}

/** One actor's view of a simulated disk: each call is one step of the scheduler, writing a file is three. */
export function simFileSystem({ disk, scheduler, actor, fault }: SimFileSystemOptions): FileSystem {
  const step = <Result>(name: string, path: string, act: () => Result): Promise<Result> =>
    scheduler.step(actor, {
      label: `${name} ${path}`,
      act: () => {
        const code = fault?.({ name, path });
        if (code !== undefined) throw simError(code, `${name} '${path}'`);
        return act();
      },
    });
  const lastingNames = new Set<string>();
  return {
    readFile: (path) => step("readFile", path, () => disk.file(path).bytes.slice()),
    async writeNew(path, bytes) {
      const file = await step("create", path, () => disk.create(path, false));
      await step("write", path, () => disk.append(file, bytes));
      await step("flush", path, () => disk.flushFile(file));
    },
    create(path) {
      // The caller's thread does this by itself: no other actor's step comes between.
      const file = disk.createWithDirectories(path, lastingNames);
      return {
        write: (chunk) => disk.append(file, chunk),
        flush: () => step("flush", path, () => disk.flushFile(file)),
        close: () => undefined,
      };
    },
    link: (existing, path) => step("link", path, () => disk.link(existing, path)),
    rename: (from, to) => step("rename", to, () => disk.rename(from, to)),
    unlink: (path) => step("unlink", path, () => disk.unlink(path)),
    mkdir: (path) => step("mkdir", path, () => void disk.create(path, true)),
    rmdir: (path) => step("rmdir", path, () => disk.rmdir(path)),
    readdir: (path) =>
      step("readdir", path, () =>
        [...disk.directory(path).names].map(([name, { isDirectory }]) => ({ name, isDirectory, isLink: false })),
      ),
    // The simulated disk has no links.
    holdBelow: async (root, way) => ({ path: way === "" ? root : `${root}/${way}`, close: () => undefined }),
    stat: (path) =>
      step("stat", path, () => {
        const { bytes, modifiedMs, isDirectory } = disk.at(path);
        return { size: bytes.length, modifiedMs, isDirectory };
      }),
    touch: (path) =>
      step("touch", path, () => {
        disk.at(path).modifiedMs = scheduler.now();
      }),
    syncDirectory: (path) => step("syncDirectory", path, () => disk.flushDirectory(path)),
    lastingNames,
  };
}
