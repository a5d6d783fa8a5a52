import { createReadStream } from "node:fs";
import { parseReference, type Reference } from "../format/reference.js";
import { openManifest } from "../manifest/manifest.js";
import { memoryReader } from "../manifest/memory-reader.js";
import { accessTo, type FileAccess, joinAccess } from "./file-access.js";
import { pathOf } from "./local-source.js";
import type { BrowseOptions } from "./package-options.js";
import { NO_ANCESTORS, type PackageState, stateOf } from "./package-state.js";
import { type OpenRegistry, openLocation } from "./registry-location.js";

/** A revision that was opened, and what the user's text named. */
export interface OpenRevision {
  readonly reference: Reference;
  readonly state: PackageState;
}

/** Opens a revision without its files. */
export async function openRevision(name: string, options: BrowseOptions): Promise<OpenRevision> {
  const reference = parseReference(name);
  const registry = await openLocation(options.registry ?? reference.registry);
  const topHash = await registry.resolve(reference.name, options.topHash ?? reference.revision);
  const manifest = await registry.browseManifest(topHash);
  const access = accessOf(registry, options.allowLocal);
  const { url, identity } = registry;
  const bases = [{ name: reference.name, registry: url, identity, topHash, ancestors: NO_ANCESTORS }];
  return { reference, state: stateOf(manifest, { access, bases }) };
}

/** Reads a manifest from a file or from memory; it stands on no revision. */
export async function loadManifest(
  source: string | Uint8Array,
  allowLocal: readonly string[] = [],
): Promise<PackageState> {
  const bytes = typeof source === "string" ? await readWhole(pathOf(source)) : source;
  return stateOf(openManifest(memoryReader(bytes)), { access: accessTo(...allowLocal.map(pathOf)), bases: [] });
}

/** What packages of a registry may lead to: its own files, what the user allows, and all files from the user's own registry. */
export function accessOf(registry: OpenRegistry, allowLocal: readonly string[] = []): FileAccess {
  return joinAccess(registry.isLocal ? { roots: "any" } : accessTo(registry.root), accessTo(...allowLocal.map(pathOf)));
}

async function readWhole(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
