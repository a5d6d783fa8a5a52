import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { hasSystemCode, T4Error } from "../../base/errors.js";

/** Somebody else may have put anything in a file's place: a pipe is not waited for, a link not followed. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** What is read whole is at most so large; what is larger is no pointer, note or record. */
const MAX_WHOLE_BYTES = 64 << 20;

/**
 * Opens a file of a store for reading and returns its descriptor.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it is no regular file; the system's error when it cannot be opened.
 */
export function openRegularFile(path: string): number {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    throw refusal(path, error);
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw notRegular(path);
}

/**
 * Reads a text file whole that anybody may have left there.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it is larger or no regular file; the system's error when it cannot be read.
 */
export function readRegularText(path: string, maxBytes: number): string {
  const file = openRegularFile(path);
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes) throw tooLarge(path, { size, maxBytes });
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * Reads a file of a store whole, at most 64 MiB.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it is larger or no regular file; the system's error when it cannot be
 * read.
 */
export async function readRegularFile(path: string): Promise<Uint8Array> {
  const file = await open(path, FLAGS).catch((error: unknown) => {
    throw refusal(path, error);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notRegular(path);
    if (stat.size <= MAX_WHOLE_BYTES) return await file.readFile();
    throw tooLarge(path, { size: stat.size, maxBytes: MAX_WHOLE_BYTES });
  } finally {
    await file.close();
  }
}

function refusal(path: string, error: unknown): unknown {
  // A link, or a socket.
  return hasSystemCode(error, ["ELOOP", "EMLINK", "ENXIO"]) ? notRegular(path, error) : error;
}

function tooLarge(path: string, { size, maxBytes }: { readonly size: number; readonly maxBytes: number }): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `${path} has ${size} bytes, expected at most ${maxBytes}.`, {
    hint: "Run t4 fsck on the registry to see what is damaged.",
    facts: { path, size },
  });
}

function notRegular(path: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_INTEGRITY", `${path} is no regular file but a link, directory, pipe or device.`, {
    hint: "Run t4 fsck --repair on the registry: it moves what does not belong there to quarantine.",
    facts: { path },
    cause,
  });
}
