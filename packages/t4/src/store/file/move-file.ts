import { dirname, join, posix } from "node:path";
import { ABSENT, systemCode } from "../../base/errors.js";
import { type FileSystem, unless } from "./file-system.js";
import { makeDirectory } from "./make-directory.js";

/** Only its owner may set a file's time; whoever may write the directory can put a file of his own in its place. */
export const NOT_TOUCHED: readonly string[] = [...ABSENT, "EPERM"];

/** Whether a call found its file; `codes` are the system errors that say it did not. */
export async function exists(call: Promise<void>, codes: readonly string[] = ABSENT): Promise<boolean> {
  const found = await unless(
    codes,
    call.then(() => true),
  );
  return found === true;
}

/** A move between two keys of a store in the directory `root`. */
interface Move {
  readonly root: string;
  readonly from: string;
  readonly to: string;
  readonly beforeMs: number;
}

/**
 * Moves a file unless it was written or touched after `beforeMs`; tells whether it did. Neither of its directories may be
 * behind a link: whoever may write in a store could have led it to anything that this user may remove.
 *
 * It moves the file before it looks at its age: from then on a writer who wants to use it again finds it gone and writes it
 * anew, and one who touched it just before gets it back.
 */
export async function moveIfOlder(fs: FileSystem, { root, from, to, beforeMs }: Move): Promise<boolean> {
  const source = await unless(ABSENT, fs.holdBelow(root, directoryOf(from)));
  if (source === undefined) return false;
  try {
    const path = join(source.path, posix.basename(from));
    if (!isOld(await unless(ABSENT, fs.stat(path)), beforeMs)) return false;
    await makeDirectory(fs, join(root, directoryOf(to)));
    const target = await fs.holdBelow(root, directoryOf(to));
    try {
      return await moveHeld(fs, { from: path, to: join(target.path, posix.basename(to)), beforeMs });
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

function directoryOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf("/")));
}

function isOld(stat: { readonly modifiedMs: number } | undefined, beforeMs: number): boolean {
  return stat !== undefined && stat.modifiedMs <= beforeMs;
}

async function moveHeld(fs: FileSystem, { from, to, beforeMs }: Omit<Move, "root">): Promise<boolean> {
  if (!(await exists(fs.rename(from, to)))) return false;
  const isMeant = isOld(await fs.stat(to), beforeMs);
  if (!isMeant) await putBack(fs, { from: to, to: from });
  await fs.syncDirectory(dirname(to));
  await fs.syncDirectory(dirname(from));
  return isMeant;
}

/** Gives a file its name back unless a new one has it already; then it stays where it is. */
async function putBack(fs: FileSystem, move: { readonly from: string; readonly to: string }): Promise<void> {
  const { from, to } = move;
  try {
    await fs.link(from, to);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") return;
    // A directory, or another user's file where the system keeps others from linking it.
    if (code !== "EPERM") throw error;
    await fs.rename(from, to);
    return;
  }
  await fs.unlink(from);
}
