import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Inode, SimDisk } from "testkit/file-system/sim-disk.js";
import type { Call } from "./strace.js";

/** What one system call did to a disk. */
export type DiskCall = (disk: SimDisk) => void;

/** A simulated disk that durably holds what a directory holds, under its path. */
export function loadDisk(directory: string): SimDisk {
  const disk = new SimDisk(() => 0);
  const above: string[] = [];
  for (let at = directory; at !== "/"; at = dirname(at)) above.unshift(at);
  for (const path of above) disk.create(path, true);
  for (const item of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    if (item.isDirectory()) disk.create(path, true);
    else disk.append(disk.create(path, false), readFileSync(path));
  }
  flushAll(disk);
  return disk;
}

/** Writes what a simulated disk holds below a directory in that directory's place. */
export function dumpDisk(disk: SimDisk, directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  const dump = (inode: Inode, path: string): void => {
    if (!inode.isDirectory) {
      writeFileSync(path, inode.bytes);
      utimesSync(path, inode.modifiedMs / 1000, inode.modifiedMs / 1000);
      return;
    }
    mkdirSync(path);
    for (const [name, child] of inode.names) dump(child, join(path, name));
  };
  dump(disk.at(directory), directory);
}

function flushAll(disk: SimDisk): void {
  const flush = (inode: Inode): void => {
    if (!inode.isDirectory) disk.flushFile(inode);
    inode.unflushed.clear();
    for (const child of inode.names.values()) flush(child);
  };
  flush(disk.at("/"));
}

/** What traced calls did below a directory, in order; what failed did nothing. */
export function diskCalls(calls: readonly Call[], directory: string): DiskCall[] {
  const opened = new Map<string, string>();
  return calls.flatMap(({ name, text }) => {
    const result = / = (\S+)[^=]*$/.exec(text)?.[1] ?? "";
    if (result === "" || result === "?" || result.startsWith("-")) return [];
    const [, descriptor, path = ""] = /^(\d+)<(.*?)>/.exec(name === "openat" ? result : text) ?? [];
    if (name === "openat" && descriptor !== undefined) opened.set(descriptor, path);
    const strings = Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"/gs), ([, string = ""]) => unescape(string));
    const named = strings.map((string) => realPath(string.toString(), opened));
    const isOurs = [path, ...named].some((each) => each.startsWith(`${directory}/`));
    const call = name === "syncfs" ? flushAll : isOurs ? diskCall(name, { text, path, named, strings }) : undefined;
    return call === undefined ? [] : [call];
  });
}

interface Arguments {
  readonly text: string;
  /** The open file that it is about. */
  readonly path: string;
  readonly named: readonly string[];
  readonly strings: readonly Buffer[];
}

function diskCall(name: string, { text, path, named, strings }: Arguments): DiskCall | undefined {
  const [from = "", to = ""] = named;
  switch (name) {
    case "openat":
      // A copy opens its own new file once more.
      return text.includes("O_CREAT") ? (disk) => void (disk.has(path) || disk.create(path, false)) : undefined;
    case "write":
      return (disk) => disk.append(disk.file(path), strings[0] ?? Buffer.alloc(0));
    case "rename":
      return (disk) => disk.rename(from, to);
    case "link":
      return (disk) => disk.link(from, to);
    case "unlink":
      return (disk) => disk.unlink(from);
    case "mkdir":
      return (disk) => void disk.create(from, true);
    case "rmdir":
      return (disk) => disk.rmdir(from);
    case "fsync":
    case "fdatasync":
      return (disk) => {
        const inode = disk.at(path);
        if (inode.isDirectory) disk.flushDirectory(path);
        else disk.flushFile(inode);
      };
    // Of these only modes and times matter, or they come before anything is written.
    case "utimensat":
    case "ioctl":
    case "fchmod":
    case "ftruncate":
      return undefined;
    default:
      throw new Error(`Cannot replay ${name}(${text.slice(0, 200)}`);
  }
}

/** A path through an open directory, as it is without. */
function realPath(path: string, opened: ReadonlyMap<string, string>): string {
  const [, descriptor = "", rest = ""] = /^\/proc\/\d+\/fd\/(\d+)(.*)$/.exec(path) ?? [];
  return descriptor === "" ? path : (opened.get(descriptor) ?? "") + rest;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" };

/** The bytes of a string as strace prints it, with C's escapes. */
function unescape(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{1,3}|.)/gs, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return Buffer.from(plain, "latin1");
}
