import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isT4Error, locations, openRegistry, type Registry } from "t4";
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
    const registry = await openRegistry(location);
    const id = idOf(registry.url);
    const found = known.get(id) ?? { id, registry, ...(await placeOf(registry.url)) };
    known.set(id, found);
    return found;
  };
  const addAll = async (): Promise<Map<string, number>> => {
    await add("local");
    const opened = new Map<string, number>();
    for (const { location, openedAt } of await readRecent(recentFile)) {
      // Settings of a bucket that cannot be read must not hide the other registries; who opens it again is told.
      const found = await add(location).catch(() => undefined);
      if (found !== undefined) opened.set(found.id, openedAt);
    }
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
      const registry = await openRegistry(location);
      const { kind } = await placeOf(registry.url);
      if (kind === "bucket") await requireBucket(registry);
      else if (kind !== "local") requireRegistry(pathOf(registry.url));
      const found = await add(location);
      if (found.kind !== "local") await rememberRecent(recentFile, found.location);
      return found;
    },
  };
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

/** Begins to list: a bucket that is not there, or not for this user, says so. One that is empty is as good as a new registry. */
async function requireBucket(registry: Registry): Promise<void> {
  for await (const _ of registry.packages()) return;
}

/** What one writes to name a place: the path of a folder, the URL of a bucket. */
function pathOf(url: string): string {
  return (url.startsWith("file:") ? fileURLToPath(url) : url).replace(/(?<=.)\/$/, "");
}

/** The place's name for people, and enough of a hash to tell two of one name apart. */
function idOf(url: string): string {
  const name = basename(pathOf(url)).replace(/[^A-Za-z0-9]+/g, "-");
  return `${name}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

async function placeOf(url: string): Promise<Pick<KnownRegistry, "location" | "kind">> {
  if (url === (await openRegistry("local")).url) return { location: "local", kind: "local" };
  if (url.startsWith("s3:")) return { location: pathOf(url), kind: "bucket" };
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
  // Only who goes into a bucket has it asked: the list works offline, and sends nothing anywhere.
  const names = kind === "bucket" ? undefined : await packageNames(known).catch(() => undefined);
  return {
    id,
    label: LABELS[kind](location),
    location,
    url: registry.url,
    kind,
    openedAt,
    packages: names?.length ?? null,
  };
}

const LABELS: Readonly<Record<RegistryRow["kind"], (location: string) => string>> = {
  local: () => "Your local registry",
  sample: () => "Sample registry",
  folder: (location) => basename(location),
  bucket: (location) => location.slice("s3://".length),
};
