import { createHash, randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasSystemCode } from "../base/errors.js";
import { MIN_CHUNK_SIZE } from "../hash/chunk-rule.js";
import { renameFileSync } from "../store/file/rename-file.js";
import type { Expected } from "./file-job.js";
import { isAbandoned, temporaryName } from "./temporary-name.js";

/** A file that is written from its beginning on; the name tells of what. */
export interface PartFile {
  readonly file: number;
  readonly path: string;
  /** Bytes that are there already, as far as anybody knows. */
  readonly length: number;
}

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
/** Whose it is, and of what. */
const NAME = /^(.*)\.([0-9a-f]{64})$/;
/** Of nobody: whoever wrote it was broken off, and lives on. */
const LEFT = /^left-/;
/** So long the beginning of a file waits for somebody to go on with it. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** What the names of parts say of their content. */
function nameOfContent({ type, value, size }: Expected): string {
  return createHash("sha256")
    .update(JSON.stringify([type, value, size]))
    .digest("hex");
}

/** Goes on with a part of a content that nobody else goes on with, or begins one. */
export function openPart(directory: string, expected: Expected): PartFile {
  const content = nameOfContent(expected);
  const path = join(directory, `${temporaryName()}.${content}`);
  for (const name of readdirSync(directory)) {
    const found = isLeft(name, content) ? take(join(directory, name), path, expected.size) : undefined;
    if (found !== undefined) return found;
  }
  return { file: openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666), path, length: 0 };
}

function isLeft(name: string, content: string): boolean {
  const [, owner = "", its] = NAME.exec(name) ?? [];
  return its === content && (LEFT.test(owner) || isAbandoned(owner, 0));
}

/** Renames a part to our own, which only one can, and opens it at its last whole chunk. */
function take(from: string, to: string, size: number): PartFile | undefined {
  try {
    renameFileSync(from, to);
    const file = openSync(to, O_RDWR | O_NOFOLLOW);
    const stat = fstatSync(file);
    // A further name of a file is perhaps somebody else's.
    if (stat.isFile() && stat.nlink === 1) {
      const length = stat.size <= size ? stat.size - (stat.size % MIN_CHUNK_SIZE) : 0;
      ftruncateSync(file, length);
      return { file, path: to, length };
    }
    closeSync(file);
  } catch (error) {
    if (!hasSystemCode(error, ["ENOENT", "ELOOP", "EACCES", "EPERM", "EISDIR"])) throw error;
  }
  rmSync(to, { force: true, recursive: true });
  return undefined;
}

/** Closes a part and leaves it to whoever comes next, if it has anything to go on with. */
export function leavePart({ file, path }: Pick<PartFile, "file" | "path">): void {
  const isWorthIt = fstatSync(file).size >= MIN_CHUNK_SIZE;
  closeSync(file);
  const [, , content = ""] = NAME.exec(path) ?? [];
  if (isWorthIt) renameFileSync(path, join(dirname(path), `left-${randomUUID()}.${content}`));
  else rmSync(path, { force: true });
}

/** Whether a temporary file, last written so long ago, is to be removed: nobody goes on with it. */
export function isUseless(name: string, ageMs: number): boolean {
  const [, owner] = NAME.exec(name) ?? [];
  if (owner === undefined) return isAbandoned(name, ageMs);
  return ageMs > KEPT_MS && (LEFT.test(owner) || isAbandoned(owner, ageMs));
}
