import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, vi } from "vitest";
import { type DirectoryPackage, type InstallReport, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

export const NAME = "u/p";
/** Contents of a file, or none. */
export const CONTENTS = [undefined, "1", "22", "33"] as const;
export type Content = (typeof CONTENTS)[number];

export let registry: string;
export let copy: string;

/** Gives each test of a file a registry and a directory of its own. */
export function useTwoSides(): void {
  beforeEach(() => {
    const root = temporaryDirectory();
    vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
    [registry, copy] = [join(root, "registry"), join(root, "copy")];
  });
}

export type Files = ReadonlyMap<string, Content>;

/** Publishes files on top of whatever is latest. */
export async function publish(files: Files): Promise<string> {
  const pkg = new Package();
  for (const [key, text] of files) if (text !== undefined) await pkg.setText(key, text);
  return pkg.push(NAME, registry, { force: true });
}

/** Makes the files of the directory these; first removes, as a file may become a directory. */
export function write(files: Files): void {
  for (const [key] of files) rmSync(join(copy, key), { recursive: true, force: true });
  for (const [key, text] of files) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(copy, key)), { recursive: true });
    writeFileSync(join(copy, key), text);
  }
}

export function read(keys: Iterable<string>): Files {
  const textOf = (key: string): Content => {
    try {
      return readFileSync(join(copy, key), "utf8") as Content;
    } catch {
      return undefined;
    }
  };
  return new Map(Array.from(keys, (key) => [key, textOf(key)]));
}

export async function install(options = {}): Promise<InstallReport> {
  let report: InstallReport | undefined;
  await Package.install(NAME, { registry, dest: copy, onReport: (done) => void (report = done), ...options });
  return report as InstallReport;
}

export async function open(): Promise<DirectoryPackage> {
  const directory = await Package.openDirectory(copy);
  if (directory === undefined) throw new Error("remembers nothing");
  return directory;
}

export async function published(keys: Iterable<string>): Promise<Files> {
  const pkg = await Package.browse(NAME, { registry });
  const found = new Map<string, Content>();
  for (const key of keys) {
    const isFile = pkg.has(key) && !(pkg.get(key) instanceof Package);
    found.set(key, isFile ? ((await pkg.entry(key).text()) as Content) : undefined);
  }
  return found;
}

export async function push(): Promise<string> {
  const { current, name } = await open();
  const topHash = await current.push(name, registry);
  await current.remember(copy);
  return topHash;
}
