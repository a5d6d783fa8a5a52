import { mkdirSync } from "node:fs";
import { T4Error } from "../base/errors.js";
import type { LongOperationOptions } from "../base/progress.js";
import type { Entry } from "../format/entry.js";
import { withMessage } from "../format/header.js";
import { parsePackageName } from "../format/package-name.js";
import type { TopHash } from "../format/top-hash.js";
import { PackageTree } from "../manifest/package-tree.js";
import { accessTo, joinAccess } from "./file-access.js";
import type { PackageState } from "./package-state.js";
import { type OpenRegistry, objectsOf, temporaryOf } from "./registry-location.js";
import { type ResolveOptions, resolveEntries } from "./resolve-entries.js";

/** What building and pushing have in common. */
export interface PublishRequest extends LongOperationOptions {
  readonly name: string;
  readonly registry: OpenRegistry;
  readonly message: string | null;
  /** Whether an entry's bytes are copied into the registry. */
  readonly isCopied: (entry: Entry) => boolean;
  /** Publishes on top of whatever is latest. */
  readonly force: boolean;
  /** Does not publish a revision that is the same as the latest. */
  readonly dedupe: boolean;
  /** The revision to stand on, when the caller names it. */
  readonly parent?: string;
}

/** A published package: its state, standing on the new revision. */
export interface Published {
  readonly topHash: TopHash;
  readonly state: PackageState;
}

/**
 * Makes a revision: stores bytes, then the manifest, then commits `latest`. Nothing is visible before the last step,
 * and whatever was stored is found again by the next try.
 */
export async function publish(state: PackageState, request: PublishRequest): Promise<Published> {
  const { registry, signal } = request;
  const name = parsePackageName(request.name);
  if (request.message !== null && typeof request.message !== "string") {
    throw new T4Error("ERR_T4_USAGE", `The message must be a string or null, got ${typeof request.message}.`);
  }
  // What is latest now is what a package without a base stands on: read before the long work, so that others are noticed.
  const parent = await parentOf(state, request);
  const header = withMessage(state.header, request.message);
  const place = { objects: objectsOf(registry), temporary: temporaryOf(registry), root: registry.root };
  mkdirSync(place.temporary, { recursive: true });
  const options: ResolveOptions = {
    isCopied: request.isCopied,
    place,
    cache: state.cache,
    signal,
    onProgress: request.onProgress,
  };
  const entries = resolveEntries(state, options);
  const { topHash } = await registry.writeManifest({ header, directories: state.directories, entries });
  state.cache?.save();
  if (!(request.dedupe && topHash === parent)) {
    const commitOptions = { parent, force: request.force, signal };
    await registry.commit({ name, topHash }, commitOptions);
  }
  return { topHash, state: await publishedState(state, { name, registry, topHash }) };
}

async function parentOf(state: PackageState, request: PublishRequest): Promise<TopHash | undefined> {
  const { registry } = request;
  const name = parsePackageName(request.name);
  if (request.parent !== undefined) return registry.resolve(name, request.parent);
  const base = state.bases.find((known) => known.name === name && known.registry === registry.url);
  const latest = await registry.latest(name);
  if (base === undefined || request.force) return latest;
  return base.topHash;
}

/** The package as it now stands in the registry; its own header keeps its message. */
async function publishedState(
  state: PackageState,
  at: { readonly name: string; readonly registry: OpenRegistry; readonly topHash: TopHash },
): Promise<PackageState> {
  const { name, registry, topHash } = at;
  const manifest = await registry.readManifest(topHash);
  const others = state.bases.filter((base) => base.name !== name || base.registry !== registry.url);
  const tree = new PackageTree(manifest.run);
  return {
    ...state,
    tree,
    origin: tree.clone(),
    access: joinAccess(state.access, registry.isLocal ? { roots: "any" } : accessTo(registry.root)),
    bases: [...others, { name, registry: registry.url, topHash }],
    topHash,
  };
}
