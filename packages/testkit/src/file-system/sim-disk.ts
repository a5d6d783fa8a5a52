import { dirname } from "node:path";
import type { Random } from "../random.js";

/** A file or directory, whatever its names are. */
export interface Inode {
  readonly isDirectory: boolean;
  modifiedMs: number;
  /** What a reader sees of a file. */
  bytes: Uint8Array;
  /** What a power cut leaves of a file; `undefined`: nobody knows. */
  flushed: Uint8Array | undefined;
  /** What a reader sees in a directory. */
  readonly names: Map<string, Inode>;
  /** Of each name in a directory the states since the last flush, the flushed one first; `undefined`: no such name. */
  readonly unflushed: Map<string, (Inode | undefined)[]>;
}

/** A system error with its code, as Node's. */
export function simError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/**
 * A disk that keeps apart what is visible and what is durable.
 *
 * After a power cut a file that was not flushed holds nothing, a part, zeros or all of it, and each name whose directory
 * was not flushed since is in any of its states since then, each name for itself: no order between two changes is kept
 * that no flush asked for. That is less than any file system in use promises, and all that POSIX does.
 */
export class SimDisk {
  readonly #root: Inode = newInode(true, 0);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The file or directory of a path; throws `ENOENT` or `ENOTDIR`. */
  at(path: string): Inode {
    let inode = this.#root;
    for (const part of path.split("/").filter((name) => name !== "")) {
      if (!inode.isDirectory) throw simError("ENOTDIR", path);
      const next = inode.names.get(part);
      if (next === undefined) throw simError("ENOENT", path);
      inode = next;
    }
    return inode;
  }

  file(path: string): Inode {
    const inode = this.at(path);
    if (inode.isDirectory) throw simError("EISDIR", path);
    return inode;
  }

  directory(path: string): Inode {
    const inode = this.at(path);
    if (!inode.isDirectory) throw simError("ENOTDIR", path);
    return inode;
  }

  /** Creates an empty file or a directory; throws `EEXIST`. */
  create(path: string, isDirectory: boolean): Inode {
    const inode = newInode(isDirectory, this.#now());
    this.#add(path, inode);
    return inode;
  }

  /**
   * Creates an empty file, and the directories above it that are missing. The names of all that are not among `lasting` are
   * flushed, and are from then on.
   */
  createWithDirectories(path: string, lasting: Set<string>): Inode {
    for (let at = dirname(path); at !== "/" && !lasting.has(at); at = dirname(at)) {
      const missing: string[] = [];
      for (let above = at; !this.has(above); above = dirname(above)) missing.unshift(above);
      for (const directory of missing) this.create(directory, true);
      this.flushDirectory(dirname(at));
      lasting.add(at);
    }
    return this.create(path, false);
  }

  has(path: string): boolean {
    try {
      return this.at(path) !== undefined;
    } catch {
      return false;
    }
  }

  append(file: Inode, bytes: Uint8Array): void {
    file.bytes = Buffer.concat([file.bytes, bytes]);
    file.flushed = undefined;
    file.modifiedMs = this.#now();
  }

  /** Replaces a file's content in place, as clients without care do: not in one step, as far as the disk goes. */
  overwrite(path: string, bytes: Uint8Array): void {
    const file = this.has(path) ? this.file(path) : this.create(path, false);
    file.bytes = bytes;
    file.flushed = undefined;
    file.modifiedMs = this.#now();
  }

  link(existing: string, path: string): void {
    this.#add(path, this.file(existing));
  }

  rename(from: string, to: string): void {
    const inode = this.at(from);
    const directory = this.directory(dirname(to));
    const present = directory.names.get(nameOf(to));
    if (present === inode) return;
    if (present?.isDirectory === true) throw simError(inode.isDirectory ? "ENOTEMPTY" : "EISDIR", to);
    set(directory, nameOf(to), inode);
    set(this.directory(dirname(from)), nameOf(from), undefined);
  }

  unlink(path: string): void {
    this.file(path);
    set(this.directory(dirname(path)), nameOf(path), undefined);
  }

  rmdir(path: string): void {
    if (this.directory(path).names.size > 0) throw simError("ENOTEMPTY", path);
    set(this.directory(dirname(path)), nameOf(path), undefined);
  }

  flushFile(file: Inode): void {
    file.flushed = file.bytes;
  }

  flushDirectory(path: string): void {
    this.directory(path).unflushed.clear();
  }

  /** The disk after a power cut: what was flushed, and of the rest what chance left. */
  powerCut(random: Random): SimDisk {
    const disk = new SimDisk(this.#now);
    const seen = new Map<Inode, Inode>([[this.#root, disk.#root]]);
    const survive = (inode: Inode): Inode => {
      const known = seen.get(inode);
      if (known !== undefined) return known;
      const copy = newInode(inode.isDirectory, inode.modifiedMs);
      seen.set(inode, copy);
      if (inode.isDirectory) fill(inode, copy);
      else copy.bytes = copy.flushed = inode.flushed ?? torn(inode.bytes, random);
      return copy;
    };
    const fill = (directory: Inode, copy: Inode): void => {
      for (const name of new Set([...directory.names.keys(), ...directory.unflushed.keys()])) {
        const states = directory.unflushed.get(name);
        const inode = states === undefined ? directory.names.get(name) : random.pick(states);
        if (inode !== undefined) copy.names.set(name, survive(inode));
      }
    };
    fill(this.#root, disk.#root);
    return disk;
  }

  #add(path: string, inode: Inode): void {
    const directory = this.directory(dirname(path));
    if (directory.names.has(nameOf(path))) throw simError("EEXIST", path);
    set(directory, nameOf(path), inode);
  }
}

function newInode(isDirectory: boolean, modifiedMs: number): Inode {
  // An empty file has nothing that a flush could save.
  const bytes = new Uint8Array();
  return { isDirectory, modifiedMs, bytes, flushed: bytes, names: new Map(), unflushed: new Map() };
}

function set(directory: Inode, name: string, inode: Inode | undefined): void {
  const states = directory.unflushed.get(name) ?? [directory.names.get(name)];
  directory.unflushed.set(name, [...states, inode]);
  if (inode === undefined) directory.names.delete(name);
  else directory.names.set(name, inode);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What a power cut leaves of bytes that were not flushed. */
function torn(bytes: Uint8Array, random: Random): Uint8Array {
  const kept = random.below(bytes.length + 1);
  return random.pick([
    () => new Uint8Array(),
    () => bytes,
    () => bytes.slice(0, kept),
    () => new Uint8Array(bytes.length),
    () => Buffer.concat([bytes.slice(0, kept), new Uint8Array(bytes.length - kept)]),
  ])();
}
