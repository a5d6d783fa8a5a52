import { dirname } from "node:path";
import { isT4Error, T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { messageOf as messageIn, withMessage, withWorkflow, workflowIdOf } from "../format/header.js";
import { type PackageName, parsePackageName } from "../format/package-name.js";
import type { TopHash } from "../format/top-hash.js";
import { encodeManifest } from "../manifest/encode-manifest.js";
import type { Moved } from "../registry/commit.js";
import type { NamedManifest } from "../registry/manifests.js";
import type { WrittenManifest } from "../registry/write-manifest.js";
import { conflictOf, requireSettled } from "./changes/conflict.js";
import { hashPending } from "./hash-pending.js";
import type { PushOptions, PushReport } from "./package-options.js";
import { type Base, contentOf, isBaseIn, NO_ANCESTORS, type PackageState, stateOf } from "./package-state.js";
import type { StorePlace } from "./places/data-place.js";
import { accessOf } from "./registries/open-revision.js";
import type { OpenRegistry } from "./registries/opened-registry.js";
import { type ResolvedEntry, resolveEntries } from "./resolve-entries.js";
import { accessTo, joinAccess, localPathOf } from "./sources/file-access.js";
import type { Candidate } from "./workflow/check-workflow.js";

/** What is to be published where, and how. */
export interface PublishRequest extends Omit<PushOptions, "onReport"> {
  readonly name: string;
  readonly registry: OpenRegistry;
  /** The revision of another registry that is to be published as it is, under the top hash that it has. */
  readonly original?: Original;
}

/** A revision of which a copy is made. */
export interface Original {
  readonly topHash: TopHash;
  /** Its place in a history that is copied: what it stands on, and its slot where it was. */
  readonly place?: { readonly parent: TopHash | undefined; readonly slot: number | undefined };
}

/** What became of it: the package's state, standing on the new revision, and what to say of it. */
export interface Published {
  readonly state: PackageState;
  readonly report: PushReport;
}

/**
 * Makes a revision: stores bytes, then the manifest, then commits `latest`. Nothing is visible before the last step,
 * and whatever was stored is found again by the next try.
 */
export async function publish(asked: PackageState, request: PublishRequest): Promise<Published> {
  const { registry, message = null, force = false, dedupe = false, dryRun = false, signal } = request;
  requireMessage(message);
  const name = parsePackageName(request.name);
  const latest = await latestOf(registry, name);
  const base = asked.bases.find((known) => isBaseIn(known, { name, identity: registry.identity }));
  const state = force ? asked : await settled(asked, base, signal);
  const parent = await parentOf(state, { ...request, name, latest, base });
  const revised = await revise(state, { ...request, name, message });
  const moved = { ...request, name, parent, latest };
  if (dryRun || (!force && parent !== latest)) return publishNothing(state, { ...moved, revised });
  // What is the same already, is found out before anything is looked for in the registry.
  const ready = dedupe ? await hashPending(revised, request) : revised;
  if (dedupe && (await topHashOf(ready)) === latest) return publishNothing(state, { ...moved, revised: ready });
  const { manifest, place } = await store(ready, { ...request, name, latest });
  const { topHash } = manifest;
  requireOriginal(topHash, request);
  // Read before it is published: what fails after that would look as if nothing was.
  const standing = await standingOn({ name, registry, topHash, open: manifest.open }, state);
  const commit = await commitOnto(parent, { ...request, name, topHash });
  place.published();
  return { state: standing, report: { topHash, isPublished: true, ...commit } };
}

/** The revision that the package has; a package that has none yet needs a name by all rules. */
async function latestOf(registry: OpenRegistry, name: PackageName): Promise<TopHash | undefined> {
  const latest = await registry.latest(name);
  // Only the first push of a package needs the rules for its name.
  if (latest === undefined) await (await import("./registries/new-name.js")).requireNewName(registry, name);
  return latest;
}

type Placing = Pick<PublishRequest, "registry" | "original" | "workflow"> & Pick<Candidate, "name" | "message">;

/** The package with its message, and with what the registry's workflow said of it. */
async function revise(
  state: PackageState,
  { registry, original, name, message, workflow: asked }: Placing,
): Promise<PackageState> {
  // Commands that publish nothing do without it.
  const { checkWorkflow } = await import("./workflow/check-workflow.js");
  if (original !== undefined) {
    // The rules of the registry that gets it hold for a copy, too; what its header says stays, or it would be another revision.
    const said = { message: messageIn(state.header), workflow: workflowIdOf(state.header) };
    await checkWorkflow(registry.store, { ...said, name, state, isCopy: true });
    return state;
  }
  const workflow = await checkWorkflow(registry.store, { name, message, workflow: asked, state });
  return { ...state, header: withMessage(withWorkflow(state.header, workflow), message) };
}

/** What the revision would be; a conflict unless others have published the very same, as when a push is repeated. */
async function publishNothing(
  state: PackageState,
  request: PublishRequest & Moved & { readonly revised: PackageState },
): Promise<Published> {
  const { registry, name, parent, latest, revised, force = false } = request;
  const hashed = await hashPending(revised, request);
  const topHash = await topHashOf(hashed);
  if (!force && parent !== latest && topHash !== latest) throw await conflictOf(registry, { name, parent, latest });
  // Its files keep their own places: where the registry has them need not be asked, however many they are.
  const own = { ...hashed, header: state.header };
  const same = topHash === latest ? await standingOn({ name, registry, topHash }, own) : state;
  return { state: same, report: { topHash, isPublished: false } };
}

function requireMessage(message: unknown): void {
  if (message === null || typeof message === "string") return;
  throw new T4Error("ERR_T4_USAGE", `The message must be a string or null, got ${typeof message}.`, {
    hint: `For example { message: "First version" }.`,
  });
}

/** The package, hashed where it stands on a base with conflicts; these have to be settled. */
async function settled(
  state: PackageState,
  base: Base | undefined,
  signal: AbortSignal | undefined,
): Promise<PackageState> {
  if (base === undefined || base.ancestors.size === 0) return state;
  const hashed = await hashPending(state, { signal });
  requireSettled(hashed, base);
  return hashed;
}

/**
 * The revision to stand on. A package without a base stands on what is latest now, before the long work, so that
 * others are noticed; one with a base in another registry only if that came later.
 */
async function parentOf(
  state: PackageState,
  request: PublishRequest & Omit<Moved, "parent"> & { readonly base: Base | undefined },
): Promise<TopHash | undefined> {
  const { registry, name, latest, base, original } = request;
  if (original?.place !== undefined) return original.place.parent;
  if (request.parent !== undefined) return registry.resolve(name, request.parent);
  if (request.force === true) return latest;
  if (base !== undefined) return base.topHash;
  const elsewhere = state.bases.findLast((known) => known.name === name);
  if (elsewhere !== undefined && latest !== undefined)
    await (await import("./registries/require-newer.js")).requireNewer(registry, { name, base: elsewhere, latest });
  return latest;
}

/** The top hash that the revision will have. */
async function topHashOf(state: PackageState): Promise<TopHash> {
  return (await encodeManifest(contentOf(state), () => undefined)).topHash;
}

/** Writes bytes and manifest; nothing refers to them yet. */
async function store(
  state: PackageState,
  request: PublishRequest & { readonly name: PackageName; readonly latest: TopHash | undefined },
): Promise<{ readonly manifest: WrittenManifest; readonly place: StorePlace }> {
  const { registry, name, copy, select, dest, latest, signal, onProgress } = request;
  const place = await registry.place.open({ name, copy, select, dest });
  const ready = place.needsHashes ? await hashPending(state, { signal, onProgress }) : state;
  const held = copy === "none" ? undefined : await heldBy(registry, latest);
  try {
    const entries = resolvedOf(resolveEntries(ready, { place, held: held?.run.entries(), signal, onProgress }));
    const { header, directories } = ready;
    const isContained = copy !== "none" && select === undefined;
    const manifest = await registry.writeManifest({ header, directories, entries }, { isContained });
    ready.scanned?.scan.save();
    return { manifest, place };
  } finally {
    held?.close();
  }
}

/** The manifest of the latest revision; a damaged one vouches for nothing. */
async function heldBy(registry: OpenRegistry, latest: TopHash | undefined): Promise<NamedManifest | undefined> {
  try {
    return latest === undefined ? undefined : await registry.readManifest(latest);
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INTEGRITY", "ERR_T4_NOT_FOUND")) return undefined;
    throw error;
  }
}

async function* resolvedOf(entries: AsyncIterable<ResolvedEntry>): AsyncGenerator<Entry, void, undefined> {
  for await (const { resolved } of entries) yield resolved;
}

/** A copy that got another top hash would be another revision: its files had hashes of a kind that T4 cannot compute. */
function requireOriginal(topHash: TopHash, { name, original }: Pick<PublishRequest, "original" | "name">): void {
  if (original === undefined || original.topHash === topHash) return;
  throw new T4Error(
    "ERR_T4_UNSUPPORTED",
    `The revision ${original.topHash} of ${name} cannot be copied as it is: expected that top hash, got ${topHash}. Nothing was published.`,
    {
      hint: "Its manifest names hashes that T4 cannot compute; t4 install and t4 push make a revision of its files.",
      facts: { package: name, expected: original.topHash, found: topHash },
    },
  );
}

interface Placed {
  readonly name: PackageName;
  readonly registry: OpenRegistry;
  readonly topHash: TopHash;
}

async function commitOnto(
  parent: TopHash | undefined,
  revision: Placed & Pick<PublishRequest, "force" | "original" | "signal">,
): Promise<Pick<PushReport, "overtakenBy" | "collidedWith" | "parent">> {
  const { name, registry, topHash, force, original, signal } = revision;
  const slot = original?.place?.slot;
  try {
    const commit = await registry.commit({ name, topHash }, { parent, force, slot, signal });
    const { parent: replaced, overtakenBy, collidedWith } = commit;
    return {
      ...(replaced !== undefined && { parent: replaced }),
      ...(overtakenBy !== undefined && { overtakenBy }),
      ...(collidedWith !== undefined && { collidedWith }),
    };
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_CONFLICT")) throw error;
    throw await conflictOf(registry, { name, parent, latest: await registry.latest(name) });
  }
}

/** The package as it now stands in the registry, where that was asked; its own header keeps its message. */
async function standingOn(
  { name, registry, topHash, open }: Placed & Partial<Pick<WrittenManifest, "open">>,
  state: PackageState,
): Promise<PackageState> {
  const base = { name, registry: registry.url, identity: registry.identity, topHash, ancestors: NO_ANCESTORS };
  const bases = [...state.bases.filter((known) => !isBaseIn(known, base)), base];
  const access = [accessOf(registry), accessTo(...ownDirectories(state))].reduce(joinAccess, state.access);
  const { origin, header, scanned } = state;
  // What it came from already, it has.
  if (origin?.topHash === topHash) return { ...state, tree: origin.tree.clone(), topHash, access, bases };
  if (open === undefined) return { ...state, topHash, access, bases };
  return { ...stateOf(await open(), { access, bases }), header, scanned };
}

/** Where the files are that the user set: what stays there is the user's also once it stands in a manifest. */
function ownDirectories({ tree }: PackageState): Iterable<string> {
  const directories = new Set<string>();
  for (const entry of tree.entries()) {
    if (entry.stamp !== undefined) directories.add(dirname(localPathOf(entry, { roots: "any" })));
  }
  return directories;
}
