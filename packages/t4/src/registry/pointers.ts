import { mapConcurrent } from "../base/concurrency.js";
import { T4Error } from "../base/errors.js";
import { isPackageName, newNameProblem, type PackageName } from "../format/package-name.js";
import { pathOrUrl } from "../format/physical-key.js";
import { isPointerName, isTimestampPointer, LATEST } from "../format/pointer.js";
import { POINTERS, packagePrefix, pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { ListedObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { type Latest, readLatest } from "./latest.js";
import { READS_AT_ONCE, topHashAt } from "./read-quietly.js";
import { freeSlot, slotName } from "./slots.js";

/** One publication of a package. */
export interface Revision {
  /** The package's name. */
  readonly name: PackageName;
  /** The revision's top hash. */
  readonly topHash: TopHash;
  /** Its pointer's name: ten digits, seconds since 1970. */
  readonly pointer: string;
  /** When it was published, to the second; a package pushed more than once a second runs a little ahead. */
  readonly time: Date;
  /** Whether `latest` stands on it. */
  readonly isLatest: boolean;
}

/** A name that someone gave to a revision. */
export interface Tag {
  /** The name. */
  readonly tag: string;
  /** The revision that it means. */
  readonly topHash: TopHash;
}

/** Authors whose packages are listed at once. */
const LISTS_AT_ONCE = 8;

/**
 * Names of all packages, ascending; whatever else lies about in the registry is passed over.
 *
 * Costs a listing of the authors, and one of each author's pointers: a request per 1,000 of these in a bucket.
 */
export async function* listPackages(
  context: RegistryContext,
  signal?: AbortSignal,
): AsyncGenerator<PackageName, void, undefined> {
  const work = async (prefix: string, stop: AbortSignal): Promise<PackageName[]> => namesBelow(context, prefix, stop);
  const options = { concurrency: LISTS_AT_ONCE, ...(signal && { signal }) };
  for await (const names of mapConcurrent(authorPrefixes(context, signal), work, options)) yield* names;
}

async function* authorPrefixes(
  context: RegistryContext,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  for await (const author of context.store.list(POINTERS, { delimiter: "/", signal }))
    if ("prefix" in author) yield author.prefix;
}

/** The packages that have a pointer below a prefix. */
async function namesBelow(context: RegistryContext, prefix: string, signal: AbortSignal): Promise<PackageName[]> {
  const names: PackageName[] = [];
  for await (const found of context.store.list(prefix, { signal })) {
    if (!("key" in found)) continue;
    const slash = found.key.lastIndexOf("/");
    const name = found.key.slice(POINTERS.length, slash);
    if (name === names.at(-1) || !isPackageName(name)) continue;
    if (isPointerName(found.key.slice(slash + 1))) names.push(name);
  }
  return names;
}

/** A package's pointers by their names, ascending: `latest`, timestamps, tags. */
async function listPointers(context: RegistryContext, name: PackageName): Promise<Map<string, ListedObject>> {
  const prefix = packagePrefix(name);
  const pointers = new Map<string, ListedObject>();
  for await (const found of context.store.list(prefix, { delimiter: "/" })) {
    if ("key" in found) pointers.set(found.key.slice(prefix.length), found);
  }
  return pointers;
}

/** The names of a package's pointers, ascending: `latest`, timestamps, tags. */
export async function pointerNames(context: RegistryContext, name: PackageName): Promise<string[]> {
  return [...(await listPointers(context, name)).keys()];
}

/**
 * A package's revisions, newest first. A revision whose writer died between publishing and listing it is shown, too.
 *
 * Costs one listing and one small read per revision; of a store that is no folder, a revision of an hour ago or older is read
 * once while the registry is open.
 */
export async function* listRevisions(
  context: RegistryContext,
  name: PackageName,
  signal?: AbortSignal,
): AsyncGenerator<Revision, void, undefined> {
  const latest = await readLatest(context, name);
  const listed = await listPointers(context, name);
  const slots = [...listed.keys()].filter(isTimestampPointer).reverse();
  let isLatestSeen = false;
  const revision = (pointer: string, topHash: TopHash): Revision => {
    const isLatest = !isLatestSeen && topHash === latest?.topHash;
    isLatestSeen ||= isLatest;
    return { name, topHash, pointer, time: new Date(Number(pointer) * 1000), isLatest };
  };
  const pointers = readSlots(context, name, { slots, listed, latest, signal });
  for await (const [slot, topHash] of pointers) if (topHash !== undefined) yield revision(slot, topHash);
}

interface SlotsRead {
  /** Newest first. */
  readonly slots: readonly string[];
  readonly listed: ReadonlyMap<string, ListedObject>;
  readonly latest: Latest | undefined;
  readonly signal: AbortSignal | undefined;
}

type Pointer = readonly [slot: string, topHash: TopHash | undefined];

/** What the slots hold, in their order, and what will be in that of the present revision where it is not listed yet. */
async function* readSlots(
  context: RegistryContext,
  name: PackageName,
  { slots, listed, latest, signal }: SlotsRead,
): AsyncGenerator<Pointer, void, undefined> {
  const options = { concurrency: READS_AT_ONCE, signal };
  const read = async (slot: string): Promise<Pointer> => {
    const topHash = (): Promise<TopHash | undefined> => topHashAt(context, pointerKey(name, slot));
    const found = listed.get(slot);
    const known = found && context.slots?.topHashOf(found, topHash);
    return [slot, await (known ?? topHash())];
  };
  if (latest?.note?.isListed !== true) {
    yield* mapConcurrent(slots, read, options);
    return;
  }
  const { topHash: present, note } = latest;
  // Behind the present revision's place only other clients can have written: few slots.
  const recent = slots.filter((slot) => slot >= slotName(note.slot));
  const found: Pointer[] = [];
  for await (const pointer of mapConcurrent(recent, read, options)) found.push(pointer);
  if (!found.some(([, topHash]) => topHash === present)) {
    found.push([freeSlot(note.slot, new Set(recent)), present]);
    found.sort(([a], [b]) => (a < b ? 1 : -1));
  }
  yield* found;
  yield* mapConcurrent(slots.slice(recent.length), read, options);
}

/** A package's tags, ascending. Costs one listing and one small read per tag. */
export async function* listTags(context: RegistryContext, name: PackageName): AsyncGenerator<Tag, void, undefined> {
  const tags = (await pointerNames(context, name)).filter((tag) => tag !== LATEST && !isTimestampPointer(tag));
  const read = async (tag: string) => ({ tag, topHash: await topHashAt(context, pointerKey(name, tag)) });
  for await (const { tag, topHash } of mapConcurrent(tags, read, { concurrency: READS_AT_ONCE })) {
    if (topHash !== undefined) yield { tag, topHash };
  }
}

/** What to say of a package that is not there. */
export function packageNotFound(context: RegistryContext, name: PackageName): T4Error {
  const problem = newNameProblem(name);
  const list = "t4 list shows the packages of a registry.";
  return new T4Error("ERR_T4_NOT_FOUND", `There is no package ${name} in ${pathOrUrl(context.store.url)}.`, {
    hint: problem === undefined ? list : `No new package gets such a name: ${problem}. ${list}`,
    facts: { package: name, registry: context.store.url },
  });
}
