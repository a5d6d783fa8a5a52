import { dirname, join } from "node:path";
import { type Clock, systemClock } from "../../base/clock.js";
import { ABSENT } from "../../base/errors.js";
import { requireKey } from "../require-key.js";
import type { ObjectWriter, PutOptions, PutOutcome, Store, StoredObject } from "../store.js";
import { versionOf } from "../version.js";
import { explained } from "./explained.js";
import {
  type FileSystem,
  housekeeping,
  type NewFile,
  NOWHERE,
  nodeFileSystem,
  uniqueName,
  unless,
} from "./file-system.js";
import { findFile, listFiles } from "./list-files.js";
import { makeDirectory } from "./make-directory.js";
import { exists, moveIfOlder, NOT_TOUCHED } from "./move-file.js";
import { readNote } from "./turns.js";
import { swapFile } from "./turnstile.js";

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /** The store's own place for temporary files and turns, relative to the root. */
  readonly stateKey: string;
  /** The URL shown for the store. */
  readonly url: string;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A store whose keys are files below one directory. Reading never writes; the directory may be absent until the first write. */
export function fileStore(root: string, options: FileStoreOptions): Store {
  const { fs = nodeFileSystem, clock = systemClock, random = Math.random } = options;
  const state = join(root, options.stateKey);
  const context = { fs, clock, random, temporary: join(state, "tmp") };
  const localPath = (key: string): string => join(root, requireKey(key));
  const turnsOf = (key: string): string => join(state, "locks", encodeURIComponent(key));

  const swap = (
    key: string,
    to: Pick<Parameters<typeof swapFile>[1], "expected" | "bytes" | "note" | "signal">,
  ): Promise<boolean> => swapFile(context, { path: localPath(key), turns: turnsOf(key), ...to });

  return explained(root, {
    url: options.url,
    localPath,
    async get(key, { range, withNote = false, signal } = {}): Promise<StoredObject | undefined> {
      signal?.throwIfAborted();
      const bytes = await unless(NOWHERE, fs.readFile(localPath(key)));
      if (bytes === undefined) return undefined;
      const version = versionOf(bytes);
      const note = withNote ? await readNote(fs, turnsOf(key), version) : undefined;
      return { bytes: range === undefined ? bytes : bytes.subarray(...range), version, note };
    },
    async head(key, { signal } = {}) {
      signal?.throwIfAborted();
      return findFile(fs, root, requireKey(key));
    },
    async put(key, bytes, { mode = "overwrite", note, signal }: PutOptions = {}): Promise<PutOutcome> {
      signal?.throwIfAborted();
      const version = versionOf(bytes);
      if (typeof mode === "object") {
        return (await swap(key, { expected: mode.replaces, bytes, note, signal }))
          ? { written: true, version }
          : { written: false };
      }
      return (await putWhole(context, localPath(key), { bytes, mode }))
        ? { written: true, version }
        : { written: false };
    },
    createWriter: () => fileWriter(context, localPath),
    touch: (key) => touchFile(fs, localPath(key)),
    async delete(key, { replaces, signal } = {}) {
      signal?.throwIfAborted();
      if (replaces !== undefined) return swap(key, { expected: replaces, bytes: undefined, note: undefined, signal });
      const path = localPath(key);
      await unless(ABSENT, fs.unlink(path));
      await unless(ABSENT, fs.syncDirectory(dirname(path)));
      return true;
    },
    async deleteIfOlder(key, beforeMs) {
      const aside = `${options.stateKey}/tmp/${uniqueName()}`;
      if (!(await moveIfOlder(fs, { root, from: requireKey(key), to: aside, beforeMs }))) return false;
      await fs.unlink(join(root, aside));
      return true;
    },
    moveIfOlder: (key, to, beforeMs) => moveIfOlder(fs, { root, from: requireKey(key), to: requireKey(to), beforeMs }),
    list: (prefix, listOptions = {}) => listFiles(fs, root, { prefix, ...listOptions }),
  });
}

/** Sets a file's time to now and flushes its name; `false` when there is none to be had. */
async function touchFile(fs: FileSystem, path: string): Promise<boolean> {
  if (!(await exists(fs.touch(path), NOT_TOUCHED))) return false;
  await unless("ENOENT", fs.syncDirectory(dirname(path)));
  return true;
}

/** Writes a temporary file, flushed, and gives it its name in one step. */
async function putWhole(
  context: { readonly fs: FileSystem; readonly temporary: string },
  path: string,
  write: { readonly bytes: Uint8Array; readonly mode: "create" | "overwrite" },
): Promise<boolean> {
  const { fs, temporary } = context;
  const name = join(temporary, uniqueName());
  await makeDirectory(fs, temporary);
  await makeDirectory(fs, dirname(path));
  try {
    await fs.writeNew(name, write.bytes);
    return await giveName(fs, { from: name, to: path, mode: write.mode });
  } finally {
    await housekeeping(fs.unlink(name));
  }
}

/** Moves a flushed temporary file to its name; `false` when the name must be new and is not. */
async function giveName(
  fs: FileSystem,
  move: { readonly from: string; readonly to: string; readonly mode: "create" | "overwrite" },
): Promise<boolean> {
  const { from, to, mode } = move;
  if (mode === "overwrite") await fs.rename(from, to);
  else if (
    (await unless(
      "EEXIST",
      fs.link(from, to).then(() => true),
    )) === undefined
  )
    return false;
  await fs.syncDirectory(dirname(to));
  return true;
}

/** An object whose content comes in pieces, in a temporary file until it gets its name. */
function fileWriter(
  context: { readonly fs: FileSystem; readonly temporary: string },
  localPath: (key: string) => string,
): ObjectWriter {
  const { fs, temporary } = context;
  const name = join(temporary, uniqueName());
  let file: NewFile | undefined;
  const drop = async (): Promise<void> => {
    file?.close();
    if (file !== undefined) await housekeeping(fs.unlink(name));
    file = undefined;
  };
  return {
    write(chunk) {
      file ??= fs.create(name);
      file.write(chunk);
    },
    async finish(key, mode) {
      file ??= fs.create(name);
      await file.flush();
      await makeDirectory(fs, dirname(localPath(key)));
      const isNamed = await giveName(fs, { from: name, to: localPath(key), mode });
      await drop();
      return isNamed;
    },
    discard: drop,
  };
}
