import { T4Error } from "../../base/errors.js";
import { parseReference } from "../../format/reference.js";
import type { TopHash } from "../../format/top-hash.js";
import type { ChangeOptions } from "../../registry/operations.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import { openLocation } from "../registries/registry-location.js";
import { pathOf } from "../sources/local-source.js";
import type { AddOptions, OutdatedPin, Pin } from "./lock.js";
import type { LockedPackage } from "./lock-file.js";
import { lockedDestination, lockedRegistry, registryAt, requireInside } from "./lock-places.js";
import { type LockPlace, pinOf, readLock, requireLocked, writePins } from "./stored-lock.js";

/** Pins a revision of a package. */
export async function addPin(place: LockPlace, reference: string, options: AddOptions): Promise<Pin> {
  const { directory } = place;
  const { registry, dest, dryRun = false } = options;
  const { name, revision, registry: own } = parseReference(reference);
  if (dest !== undefined) requireInside(pathOf(dest), { name, ...place });
  const before = (await readLock(place)).get(name);
  const named = registry ?? own;
  const opened = await openThere(named ?? (before && registryAt(before.registry, directory)));
  const topHash = await opened.resolve(name, revision);
  const locked: LockedPackage = {
    name,
    registry:
      named === undefined && before !== undefined ? before.registry : lockedRegistry(opened.url, named, directory),
    topHash,
    manifest: await opened.manifestDigest(topHash),
    dest: dest === undefined ? before?.dest : lockedDestination(dest, directory),
  };
  if (!dryRun) await writePins(place, [locked]);
  return pinOf(locked, place);
}

/** The pins that are not on what is latest. */
export async function findOutdated(place: LockPlace): Promise<readonly OutdatedPin[]> {
  const found: OutdatedPin[] = [];
  for (const locked of (await readLock(place)).values()) {
    const { name, topHash } = locked;
    const latest = (await (await openPinned(locked, place)).latest(name)) ?? null;
    if (latest !== topHash) found.push({ name, topHash, latest });
  }
  return found;
}

/** Pins what is latest. A pin that stands on it already stays as it is, with the digest that it has. */
export async function updatePins(
  place: LockPlace,
  names: readonly string[] | undefined,
  { dryRun = false }: ChangeOptions,
): Promise<readonly OutdatedPin[]> {
  const packages = await readLock(place);
  const moved: { readonly pin: LockedPackage; readonly from: TopHash }[] = [];
  for (const name of names ?? packages.keys()) {
    const locked = requireLocked(packages, name, place);
    const registry = await openPinned(locked, place);
    const topHash = await registry.latest(locked.name);
    if (topHash === undefined) throw gone(locked, registry);
    if (topHash === locked.topHash) continue;
    const pin = { ...locked, topHash, manifest: await registry.manifestDigest(topHash) };
    moved.push({ pin, from: locked.topHash });
  }
  if (!dryRun && moved.length > 0)
    await writePins(
      place,
      moved.map(({ pin }) => pin),
    );
  return moved.map(({ pin, from }) => ({ name: pin.name, topHash: from, latest: pin.topHash }));
}

function openPinned({ registry }: LockedPackage, { directory }: LockPlace): Promise<OpenRegistry> {
  return openThere(registryAt(registry, directory));
}

async function openThere(location: string | undefined): Promise<OpenRegistry> {
  const registry = await openLocation(location);
  registry.place.requireThere();
  return registry;
}

function gone({ name }: LockedPackage, { url }: OpenRegistry): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `The pinned package ${name} is not in ${url} any more.`, {
    hint: "Pin it from another registry with t4 add --registry, or take its lines out of the lock file.",
    facts: { name, registry: url },
  });
}
