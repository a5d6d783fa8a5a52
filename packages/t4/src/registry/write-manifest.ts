import { T4Error } from "../base/errors.js";
import { canonicalJson } from "../format/json-write.js";
import { parsePhysicalKey } from "../format/physical-key.js";
import { manifestKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import { type EncodedManifest, encodeManifest, type ManifestContent } from "../manifest/encode-manifest.js";
import { sizeOfFile } from "../store/file/local-file.js";
import type { RegistryContext } from "./context.js";
import { lastingPlaces } from "./lasting-place.js";
import { type NamedManifest, readFrom, readManifest } from "./manifests.js";
import { type KeyFinder, keyFinder } from "./object-key.js";
import { notePlaces, objectsAreThere, type PlacesNoted } from "./objects-there.js";

/** Options of {@link writeManifest}. */
export interface WriteManifestOptions {
  /** Whether all local files that it points to lie in the registry. Default `false`. */
  readonly isContained?: boolean;
}

/** A manifest that is in the registry. */
export interface WrittenManifest extends EncodedManifest {
  /** Opens it, without asking the store again for what was written just now. */
  readonly open: () => Promise<NamedManifest>;
}

/**
 * Writes a package's manifest and returns its top hash. A manifest is written once: an equal one that is there stays,
 * unless bytes that it points to are gone, or those of the new one stay in the registry and its own need not.
 *
 * The manifest is on the disk when this returns; nothing refers to it until a revision is committed.
 *
 * @throws {@link T4Error} `ERR_T4_CONFLICT` when the one that is there differs in metadata of directories, which the top
 * hash does not count.
 */
export async function writeManifest(
  context: RegistryContext,
  content: ManifestContent,
  { isContained = false }: WriteManifestOptions = {},
): Promise<WrittenManifest> {
  const writer = context.store.createWriter();
  try {
    const places = notePlaces(content.entries, lastingPlaces(context.store));
    const encoded = await encodeManifest({ ...content, entries: places.entries }, (chunk) => writer.write(chunk));
    const key = manifestKey(encoded.topHash);
    // Touched first: a garbage collection between this and the commit must not take it for abandoned.
    const present = (await context.store.touch(key))
      ? await usableAt(context, encoded.topHash, { isContained, places })
      : undefined;
    if (present !== undefined) {
      requireSameDirectories(encoded.topHash, content.directories, present);
      return { ...encoded, open: () => readManifest(context, encoded.topHash) };
    }
    await writer.finish(key, "overwrite");
    const written = writer.openWritten?.();
    return {
      ...encoded,
      open: async () =>
        written === undefined ? readManifest(context, encoded.topHash) : readFrom(written, context, encoded.topHash),
    };
  } finally {
    await writer.discard();
  }
}

type Directories = ManifestContent["directories"];

/**
 * The directories' metadata of a manifest, if all that it points to in the registry's bucket, or in local files, is there at its
 * size, and stays as surely as that of the new one; local files, where that is asked, in the registry. Objects that the new one has as
 * well are not looked at again.
 */
async function usableAt(
  context: RegistryContext,
  topHash: TopHash,
  { isContained, places }: { readonly isContained: boolean; readonly places: PlacesNoted },
): Promise<Directories | undefined> {
  let manifest: NamedManifest;
  try {
    manifest = await readManifest(context, topHash);
  } catch (error) {
    if (error instanceof T4Error) return undefined;
    throw error;
  }
  const keyOf = isContained ? keyFinder(context.store) : undefined;
  try {
    const isLasting = lastingPlaces(context.store);
    let index = 0;
    for (const { physicalKeys, size } of manifest.run.entries()) {
      const [url = ""] = physicalKeys;
      if (!fileMatches(url, size, keyOf)) return undefined;
      // What somebody may have overwritten since, or may remove, gives way to what stays here.
      if (places.isLasting(index++) && !isLasting(url)) return undefined;
    }
    const { inBucket } = context.store;
    const isKnown = inBucket === undefined || places.isSame(manifest.run.entries());
    if (!isKnown && !(await objectsAreThere(inBucket, manifest.run.entries()))) return undefined;
    return manifest.directories;
  } finally {
    manifest.close();
  }
}

/** Others may have the manifest that is there, too: it cannot change, and what is pushed must not be dropped in silence. */
function requireSameDirectories(topHash: TopHash, wanted: Directories, present: Directories): void {
  const paths = [...new Set([...wanted.keys(), ...present.keys()])];
  const textAt = (directories: Directories, path: string): string => canonicalJson(directories.get(path) ?? new Map());
  const different = paths.find((path) => textAt(wanted, path) !== textAt(present, path));
  if (different === undefined) return;
  throw new T4Error(
    "ERR_T4_CONFLICT",
    `The revision ${topHash} is in the registry with other metadata of the directory ${JSON.stringify(different)}, which its top hash does not count. Nothing was published.`,
    {
      hint: "Publish it with another message: then it is a revision of its own.",
      facts: { topHash, directory: different },
    },
  );
}

function fileMatches(physicalKey: string, size: unknown, keyOf: KeyFinder | undefined): boolean {
  if (!physicalKey.startsWith("file:")) return true;
  const key = parsePhysicalKey(physicalKey);
  if (key.kind !== "file") return true;
  if (keyOf !== undefined && keyOf(key.path) === undefined) return false;
  return sizeOfFile(key.path) === size;
}
