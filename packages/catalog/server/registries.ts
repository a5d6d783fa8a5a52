import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isT4Error, locations, openRegistry, type Registry, T4Error } from "t4";
import type { RegistryRow } from "./api.js";
import { notFound } from "./problem.js";
import { readRecent, rememberRecent } from "./recent-registries.js";
import { sampleLocation } from "./sample-location.js";

/** A registry that the catalog shows. */
export interface KnownRegistry {
  readonly id: string;
  readonly location: string;
  readonly kind: RegistryRow["kind"];
  readonly registry: Registry;
}

/** The registries that may be looked into: those that this user opened, and no other that an address may name. */
export interface Registries {
  /** All that are known, the user's own first, then by when they were opened. */
  list(): Promise<RegistryRow[]>;
  /** @throws {@link T4Error} `ERR_T4_NOT_FOUND` for one that nobody opened. */
  get(id: string): Promise<KnownRegistry>;
  /**
   * Opens a registry at the user's word, by default the configured one, and remembers it.
   *
   * @throws {@link T4Error} `ERR_T4_NOT_FOUND` where there is none: what was mistyped must not become an empty registry.
   */
  open(location?: string): Promise<KnownRegistry>;
}

/** Knows the registries of this user. */
export function createRegistries(): Registries {
  const recentFile = join(locations().base, "catalog", "recent.json");
  const known = new Map<string, KnownRegistry>();
  const add = async (location?: string): Promise<KnownRegistry> => {
    const registry = await openFolder(location);
    const id = idOf(registry.url);
    const found = known.get(id) ?? { id, registry, ...(await placeOf(registry.url)) };
    known.set(id, found);
    return found;
  };
  const addAll = async (): Promise<Map<string, number>> => {
    await add("local");
    const opened = new Map<string, number>();
    for (const { location, openedAt } of await readRecent(recentFile)) opened.set((await add(location)).id, openedAt);
    return opened;
  };
  return {
    async list() {
      const opened = await addAll();
      const rows = await Promise.all([...known.values()].map(async (one) => rowOf(one, opened.get(one.id) ?? 0)));
      return rows.sort((a, b) => Number(b.kind === "local") - Number(a.kind === "local") || b.openedAt - a.openedAt);
    },
    async get(id) {
      if (!known.has(id)) await addAll();
      const found = known.get(id);
      if (found !== undefined) return found;
      throw notFound("This catalog does not know that registry.", "Open it from the catalog's first page.");
    },
    async open(location) {
      const { url } = await openFolder(location);
      if ((await placeOf(url)).kind !== "local") requireRegistry(pathOf(url));
      const found = await add(location);
      if (found.kind !== "local") await rememberRecent(recentFile, found.location);
      return found;
    },
  };
}

/** @throws {@link T4Error} `ERR_T4_UNSUPPORTED` for a registry that is no folder. */
async function openFolder(location?: string): Promise<Registry> {
  const registry = await openRegistry(location);
  if (registry.url.startsWith("file:")) return registry;
  throw new T4Error("ERR_T4_UNSUPPORTED", `The catalog shows folders so far, and ${registry.url} is none.`, {
    hint: "t4 list, t4 ls and t4 cat show registries of every kind.",
  });
}

/** Whether a folder holds a registry. */
export function hasRegistry(path: string): boolean {
  return statSync(join(path, ".quilt"), { throwIfNoEntry: false })?.isDirectory() === true;
}

function requireRegistry(path: string): void {
  if (hasRegistry(path)) return;
  throw notFound(
    `There is no registry in ${path}: it has no .quilt folder.`,
    `Check the path, or publish a first package to it: t4 push alice/first ./data ${path} -m "First version"`,
  );
}

function pathOf(url: string): string {
  return fileURLToPath(url).replace(/(?<=.)\/$/, "");
}

/** The directory's name for people, and enough of a hash to tell two of one name apart. */
function idOf(url: string): string {
  const name = basename(pathOf(url)).replace(/[^A-Za-z0-9]+/g, "-");
  return `${name}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

async function placeOf(url: string): Promise<Pick<KnownRegistry, "location" | "kind">> {
  if (url === (await openRegistry("local")).url) return { location: "local", kind: "local" };
  return { location: pathOf(url), kind: pathOf(url) === sampleLocation() ? "sample" : "folder" };
}

/** Names of all packages, ascending. This user's own registry is there before anything was put into it. */
export async function packageNames({ registry, kind }: KnownRegistry): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const name of registry.packages()) names.push(name);
  } catch (error) {
    if (kind !== "local" || !isT4Error(error, "ERR_T4_NOT_FOUND")) throw error;
  }
  return names;
}

async function rowOf(known: KnownRegistry, openedAt: number): Promise<RegistryRow> {
  const { id, location, kind, registry } = known;
  const label = kind === "local" ? "Your local registry" : kind === "sample" ? "Sample registry" : basename(location);
  const packages = await packageNames(known).then(
    (names) => names.length,
    () => null,
  );
  return { id, label, location, url: registry.url, kind, openedAt, packages };
}
