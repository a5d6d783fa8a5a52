import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterFile } from "testkit/after.js";
import { isT4Error, openRegistry, Package, type Registry } from "#t4/index.js";

export const NAME = "u/p";
const GARBAGE = "nobody needs this";
/** More than one thread takes by itself, and large enough that all threads read it together. */
const LARGE_BYTES = 65 << 20;

/** A registry with some history, data to push, an installed directory, settings: what the commands of T4 work on. */
export interface Scene {
  /** Everything that commands change; the same path before each run, since manifests hold paths. */
  readonly state: string;
  /** Data that is only read, 65 MiB of it. */
  readonly large: string;
  /** A registry that is only read; `u/large` is that data. */
  readonly source: string;
  readonly env: NodeJS.ProcessEnv;
  /** A file for strace to write to. */
  readonly log: string;
  /** Puts the state back as it was made. */
  reset(): void;
  /** What users can see of the state, item by item. */
  look(): Promise<Look>;
}

/** Values by what they are of. */
export type Look = Readonly<Record<string, string>>;

export async function makeScene({ isLarge = false }: { readonly isLarge?: boolean } = {}): Promise<Scene> {
  const root = mkdtempSync(join(tmpdir(), "t4-scene-"));
  afterFile(() => rmSync(root, { recursive: true, force: true }));
  const [state, pristine, large, source] = ["state", "pristine", "large", "source"].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  await fillState(state);
  if (isLarge) await fillLarge(large, source);
  cpSync(state, pristine, { recursive: true, preserveTimestamps: true });
  // One thread for asynchronous calls: the n-th call is the same one in every run.
  const env = {
    ...process.env,
    UV_THREADPOOL_SIZE: "1",
    XDG_DATA_HOME: join(state, "home"),
    XDG_CACHE_HOME: join(state, "cache"),
  };
  return {
    state,
    large,
    source,
    env,
    log: join(root, "log"),
    reset() {
      for (const path of [state, join(large, ".t4")]) rmSync(path, { recursive: true, force: true });
      cpSync(pristine, state, { recursive: true, preserveTimestamps: true });
    },
    look: () => lookAt(state),
  };
}

async function fillState(state: string): Promise<void> {
  const registry = join(state, "registry");
  const first = new Package();
  await first.setText("a.txt", "a").then((pkg) => pkg.setText("b/c.txt", "c"));
  await first.setText("old/gone.txt", "gone");
  await first.push(NAME, registry, { message: "first" });
  await Package.install(NAME, { registry, dest: join(state, "dest") });
  await (await openRegistry(registry)).tag(NAME, "stable");
  await first.setText("a.txt", "a2").then((pkg) => pkg.push(NAME, registry, { message: "second" }));
  await first.delete("old/gone.txt").setText("new.txt", "new");
  await first.push(NAME, registry, { message: "third" });
  await (await new Package().setText("x", "x")).push("q/damaged", registry, { message: "x" });
  await leaveGarbage(registry);
  for (const [path, text] of [
    ["data/a.txt", "a3"],
    ["data/sub/d.txt", "d"],
    ["data/medium.bin", "m".repeat(300_000)],
    ["home/T4/config.yml", "# mine\ndefault_install_location: /nowhere\n"],
  ] as const)
    write(join(state, path), text);
}

/** A revision that nothing names, with its object. */
async function leaveGarbage(registry: string): Promise<void> {
  await (await new Package().setText("garbage.txt", GARBAGE)).push("g/g", registry, { message: "g" });
  for (const path of ["named_packages/g", "t4/ops/g%2Fg"]) rmSync(join(registry, ".quilt", path), { recursive: true });
}

/** Cuts off a `latest`, long ago: work for `fsck --repair`. */
export function damage(state: string): void {
  const latest = join(state, "registry/.quilt/named_packages/q/damaged/latest");
  writeFileSync(latest, "");
  utimesSync(latest, 0, 0);
}

async function fillLarge(large: string, source: string): Promise<void> {
  write(join(large, "large.bin"), Buffer.alloc(LARGE_BYTES, "content"));
  for (let i = 0; i < 3; i++) write(join(large, `small${i}.txt`), `${i}`);
  const pkg = await new Package().setDir("", large);
  await pkg.push("u/large", source, { message: "large" });
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function lookAt(state: string): Promise<Look> {
  const look: Record<string, string> = {};
  for (const root of ["registry", "home/T4"]) {
    const registry = await openRegistry(join(state, root));
    for await (const name of registry.packages()) {
      look[`${root} ${name}`] = await orDamaged(historyOf(registry, name));
      look[`${root} ${name} latest`] = await orDamaged(registry.resolve(name));
      for await (const { tag, topHash } of registry.tags(name)) look[`${root} ${name}:${tag}`] = topHash;
    }
  }
  const objects = filesBelow(join(state, "registry/.quilt/t4/objects"));
  if (objects.some((path) => contentOf(path) === GARBAGE)) look["garbage"] = GARBAGE;
  for (const directory of ["dest", "copy"]) {
    for (const path of filesBelow(join(state, directory))) {
      const key = relative(state, path);
      if (!key.startsWith(join(directory, ".t4"))) look[key] = contentOf(path);
    }
  }
  for (const path of ["home/T4/config.yml", "registry/.quilt/workflows/config.yml"])
    if (existsSync(join(state, path))) look[path] = readFileSync(join(state, path), "utf8");
  return look;
}

async function historyOf(registry: Registry, name: string): Promise<string> {
  const found: string[] = [];
  for await (const { topHash } of registry.log(name)) found.push(topHash);
  return found.join(" ");
}

function orDamaged(seen: Promise<string>): Promise<string> {
  return seen.catch((error: unknown) => {
    if (isT4Error(error, "ERR_T4_INTEGRITY", "ERR_T4_NOT_FOUND")) return error.code;
    throw error;
  });
}

function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const found = readdirSync(directory, { recursive: true, withFileTypes: true });
  return found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
}

function contentOf(path: string): string {
  const { size } = statSync(path);
  return size > 1000 ? `${size} bytes` : readFileSync(path, "utf8");
}
