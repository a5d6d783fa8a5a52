import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, isTimestampPointer, LATEST, readPointer } from "../format/pointer.js";
import { MANIFESTS, pointerKey, STATE } from "../format/registry-layout.js";
import { isTopHash, type TopHash } from "../format/top-hash.js";
import { listPublished } from "./commit.js";
import type { RegistryContext } from "./context.js";
import { FINDING_CODES, type Finding } from "./findings.js";
import { checkEntries } from "./fsck-entries.js";
import { type FsckOptions, type Report, setAside } from "./fsck-report.js";
import { readLatest } from "./latest.js";
import { readManifest } from "./manifests.js";
import { listPackages, pointerNames } from "./pointers.js";

/** Temporary files older than this belong to no living process. */
const STALE_MS = 24 * 3600 * 1000;

/**
 * Checks a registry: pointers, manifests, keys, objects. A second run after a repair finds only what cannot be mended.
 *
 * Costs one pass over all manifests and one `stat` per object, or with `readData` one read of all data.
 */
export async function fsck(context: RegistryContext, options: FsckOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  const report: Report = (code, where, { message, isRepaired = false }) => {
    findings.push({ code, severity: FINDING_CODES[code], where, message, isRepaired });
  };
  const good = await checkManifests(context, options, report);
  for await (const name of listPackages(context, options.signal))
    await checkPackage(context, { name, good, ...options }, report);
  await checkTemporary(context, options, report);
  return findings;
}

async function checkManifests(context: RegistryContext, options: FsckOptions, report: Report): Promise<Set<TopHash>> {
  const good = new Set<TopHash>();
  for await (const item of context.store.list(MANIFESTS)) {
    if (!("key" in item)) continue;
    options.signal?.throwIfAborted();
    const name = item.key.slice(MANIFESTS.length);
    if (!isTopHash(name)) {
      report("E_POINTER_NAME", item.key, {
        message: "This file's name is no top hash; other clients may trip over it.",
      });
      continue;
    }
    try {
      const manifest = await readManifest(context, name);
      good.add(name);
      await checkEntries(context, { manifest, ...options }, report);
      manifest.close();
    } catch (error) {
      if (!(error instanceof T4Error)) throw error;
      const isRepaired = await setAside(context, item.key, options);
      report(error.cause instanceof T4Error ? "E_MANIFEST_PARSE" : "E_MANIFEST_HASH", item.key, {
        message: error.message,
        isRepaired,
      });
    }
  }
  return good;
}

interface PackageCheck extends FsckOptions {
  readonly name: PackageName;
  /** Top hashes whose manifests are there and right. */
  readonly good: ReadonlySet<TopHash>;
}

async function checkPackage(context: RegistryContext, check: PackageCheck, report: Report): Promise<void> {
  const { name, good } = check;
  let newest: TopHash | undefined;
  for (const pointer of await pointerNames(context, name)) {
    if (pointer === LATEST) continue;
    const topHash = await checkPointer(context, { ...check, pointer }, report);
    if (topHash !== undefined && good.has(topHash) && isTimestampPointer(pointer)) newest = topHash;
  }
  await checkLatest(context, { ...check, newest }, report);
}

async function checkPointer(
  context: RegistryContext,
  check: PackageCheck & { readonly pointer: string },
  report: Report,
): Promise<TopHash | undefined> {
  const key = pointerKey(check.name, check.pointer);
  const object = await context.store.get(key);
  const topHash = object === undefined ? undefined : readPointer(object.bytes);
  if (topHash === undefined) {
    const isRepaired = await setAside(context, key, check);
    report("E_POINTER_BODY", key, { message: "The pointer holds no top hash.", isRepaired });
  } else if (!check.good.has(topHash)) {
    report("E_MANIFEST_MISSING", key, {
      message: `The pointer names ${topHash}, whose manifest is missing or damaged.`,
    });
  }
  return topHash;
}

async function checkLatest(
  context: RegistryContext,
  check: PackageCheck & { readonly newest: TopHash | undefined },
  report: Report,
): Promise<void> {
  const { name, newest, good } = check;
  const key = pointerKey(name, LATEST);
  const object = await context.store.get(key);
  const topHash = object === undefined ? undefined : readPointer(object.bytes);
  if (topHash !== undefined && good.has(topHash)) return checkListed(context, check, report);
  const isRepaired = check.repair === true && newest !== undefined;
  if (isRepaired) await context.store.put(key, encodePointer(newest));
  const remedy = newest === undefined ? "no older revision is whole" : `the newest whole revision is ${newest}`;
  if (object === undefined)
    report("E_LATEST_MISSING", key, { message: `The package has no latest; ${remedy}.`, isRepaired });
  else if (topHash !== undefined)
    report("E_MANIFEST_MISSING", key, {
      message: `latest names ${topHash}, whose manifest is missing or damaged; ${remedy}.`,
      isRepaired,
    });
  else {
    const code = object.bytes.length < 64 ? "E_LATEST_TORN" : "E_LATEST_NOT_HEX";
    report(code, key, {
      message: `latest holds ${object.bytes.length} bytes that are no top hash; ${remedy}.`,
      isRepaired,
    });
  }
}

/** The present revision must be in the history; its writer may have died before listing it. */
async function checkListed(context: RegistryContext, check: PackageCheck, report: Report): Promise<void> {
  const latest = await readLatest(context, check.name);
  if (latest?.note?.isListed !== true) return;
  for (const pointer of (await pointerNames(context, check.name)).reverse()) {
    if (!isTimestampPointer(pointer) || Number(pointer) < latest.note.slot) continue;
    const object = await context.store.get(pointerKey(check.name, pointer));
    if (object !== undefined && readPointer(object.bytes) === latest.topHash) return;
  }
  if (check.repair === true) await listPublished(context, check.name, latest);
  report("E_POINTER_MISSING", pointerKey(check.name, LATEST), {
    message: `The latest revision ${latest.topHash} is not in the history.`,
    isRepaired: check.repair === true,
  });
}

async function checkTemporary(context: RegistryContext, options: FsckOptions, report: Report): Promise<void> {
  for await (const item of context.store.list(`${STATE}tmp/`)) {
    if (!("key" in item) || context.clock.now() - item.modifiedMs < STALE_MS) continue;
    const isRepaired = await setAside(context, item.key, options);
    report("E_TMP_STALE", item.key, { message: "A temporary file was left by a process that died.", isRepaired });
  }
}
