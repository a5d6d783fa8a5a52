import { lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hashBytes } from "#t4/hash/hasher.js";
import { openRegistry, Package } from "#t4/index.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";
import { sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";

export const NAME = "u/p";
const POINTERS = ".quilt/named_packages/u/p";
const MINUTE_MS = 60_000;

/** A registry with a package of two revisions, and ways to damage it. */
export interface Damageable {
  readonly root: string;
  /** Top hashes, oldest first, and their pointers. */
  readonly hashes: readonly string[];
  readonly slots: readonly string[];
  readonly path: (...parts: string[]) => string;
  readonly pointer: (name: string) => string;
  readonly manifest: (topHash: string) => string;
  /** Files below a folder of `.quilt`, ascending. */
  readonly files: (folder: string) => string[];
  /** Makes all files as old as ones that nobody is writing any more. */
  readonly age: (ms?: number) => void;
  /** Writes a manifest of any lines under its right name, and a package `evil/pkg` that stands on it; returns the name. */
  readonly publish: (...lines: string[]) => string;
}

export async function damageable(): Promise<Damageable> {
  const root = temporaryDirectory();
  for (const text of ["one", "two"]) {
    const pkg = await new Package().setText("file.txt", text);
    await pkg.setText("both.txt", "both");
    await pkg.push(NAME, root, { message: text, force: true });
  }
  const registry = await openRegistry(root);
  const hashes = [await registry.resolve(NAME, "latest~1"), await registry.resolve(NAME)];
  const path = (...parts: string[]): string => join(root, ...parts);
  const files = (folder: string): string[] =>
    readdirSync(path(".quilt", folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((found) => !found.isDirectory())
      .map((found) => join(found.parentPath, found.name))
      .sort((a, b) => (a < b ? -1 : 1));
  return {
    root,
    hashes,
    slots: readdirSync(path(POINTERS)).filter((name) => name !== "latest"),
    path,
    pointer: (name) => path(POINTERS, name),
    manifest: (topHash) => path(".quilt/packages", topHash),
    files,
    age(ms = 2 * MINUTE_MS) {
      const then = new Date(Date.now() - ms);
      for (const file of files("")) lutimesSync(file, then, then);
    },
    publish(...lines) {
      const text = ['{"version": "v0", "message": null}', ...lines, ""].join("\n");
      const topHash = nameOf(text);
      mkdirSync(path(".quilt/named_packages/evil/pkg"), { recursive: true });
      writeFileSync(path(".quilt/packages", topHash), text);
      for (const name of ["1600000000", "latest"]) writeFileSync(path(".quilt/named_packages/evil/pkg", name), topHash);
      return topHash;
    },
  };
}

function nameOf(text: string): string {
  try {
    return openManifest(memoryReader(Buffer.from(text))).topHash ?? "";
  } catch {
    return "d".repeat(64);
  }
}

/** A manifest's line for a file of the registry. */
export function line(registry: Damageable, key: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const text = "harmless";
  mkdirSync(registry.path("data"), { recursive: true });
  writeFileSync(registry.path("data/file"), text);
  return JSON.stringify({
    logical_key: key,
    physical_keys: [pathToFileURL(registry.path("data/file")).href],
    size: text.length,
    hash: { type: "sha2-256-chunked", value: hashBytes("sha2-256-chunked", Buffer.from(text)) },
    meta: {},
    ...changes,
  });
}

/** Changes one byte. */
export function flip(file: string, at = 0): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
}

/** The object that holds a text. */
export function objectOf(registry: Damageable, text: string): string {
  const found = registry.files("t4/objects").find((file) => readFileSync(file, "utf8") === text);
  if (found === undefined) throw new Error(`No object holds ${text}.`);
  return found;
}

/** Opens the next turn for a process of an earlier boot of this machine. */
export function openStaleTurn(registry: Damageable): void {
  const lock = registry.files("t4/locks").find((file) => file.endsWith("2.lock")) ?? "";
  const ticket = "00000000-0000-0000-0000-000000000000.ticket";
  const holder = { host: hostname(), boot: "an earlier one", pid: 1, start: "1", ticket };
  writeFileSync(lock.replace(/2\.lock$/, "3.lock"), sealRecord(holder));
}

/** Every file's content: repairs delete none. */
export function contentsOf(registry: Damageable): string[] {
  return registry
    .files("")
    .filter((file) => lstatSync(file).isFile())
    .map((file) => readFileSync(file, "latin1"));
}
