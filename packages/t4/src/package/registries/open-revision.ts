import { createReadStream, realpathSync, statSync } from "node:fs";
import { T4Error } from "../../base/errors.js";
import { parseReference, type Reference } from "../../format/reference.js";
import { openManifest } from "../../manifest/manifest.js";
import { memoryReader } from "../../manifest/memory-reader.js";
import type { RangeReader } from "../../manifest/range-reader.js";
import { fileReader } from "../../store/file/file-reader.js";
import type { BrowseOptions } from "../package-options.js";
import { NO_ANCESTORS, type PackageState, stateOf } from "../package-state.js";
import { accessTo, accessToBuckets, type FileAccess, joinAccess } from "../sources/file-access.js";
import { pathOf } from "../sources/local-source.js";
import type { OpenRegistry } from "./opened-registry.js";
import { openLocation } from "./registry-location.js";

/** A revision that was opened, and what the user's text named. */
export interface OpenRevision {
  readonly reference: Reference;
  readonly state: PackageState;
}

/** Opens a revision without its files. */
export async function openRevision(name: string, options: BrowseOptions): Promise<OpenRevision> {
  const reference = parseReference(name);
  const registry = await openLocation(options.registry ?? reference.registry);
  registry.place.requireThere();
  const topHash = await registry.resolve(reference.name, options.topHash ?? reference.revision);
  const { manifestDigest: digest } = options;
  const manifest =
    digest === undefined
      ? await registry.browseManifest(topHash)
      : await registry.readPinnedManifest({ topHash, digest });
  const access = accessOf(registry, options);
  const { url, identity } = registry;
  const bases = [{ name: reference.name, registry: url, identity, topHash, ancestors: NO_ANCESTORS }];
  return { reference, state: stateOf(manifest, { access, bases }) };
}

/** Larger files are not read into memory: their entries stay in the file. */
const MAX_IN_MEMORY_BYTES = 8 << 20;

/** Reads a manifest from a file or from memory; it stands on no revision. */
export async function loadManifest(
  source: string | Uint8Array,
  allowLocal: readonly string[] = [],
): Promise<PackageState> {
  const reader = typeof source === "string" ? await readerOf(pathOf(source)) : memoryReader(source);
  return stateOf(openManifest(reader), { access: accessTo(...allowLocal.map(pathOf)), bases: [] });
}

/** What packages of a registry may lead to: what the registry's own do, and what the user allows. */
export function accessOf(
  { place }: OpenRegistry,
  { allowLocal = [], trustBuckets = [] }: Pick<BrowseOptions, "allowLocal" | "trustBuckets"> = {},
): FileAccess {
  return [accessTo(...allowLocal.map(pathOf)), accessToBuckets(...trustBuckets)].reduce(joinAccess, place.access);
}

/** A large regular file is read where it is; a small one, or a pipe, is read whole. */
async function readerOf(path: string): Promise<RangeReader> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() && stat.size > MAX_IN_MEMORY_BYTES) return fileReader(realpathSync(path));
  if (stat === undefined) {
    throw new T4Error("ERR_T4_NOT_FOUND", `There is no file ${path}.`, {
      hint: "Give the path of a manifest; a relative one starts at the working directory.",
      facts: { path },
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path)) chunks.push(chunk as Uint8Array);
  return memoryReader(Buffer.concat(chunks));
}
