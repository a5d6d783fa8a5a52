import { existsSync } from "node:fs";
import { isT4Error } from "../../base/errors.js";
import type { LongOperationOptions } from "../../base/progress.js";
import { parseTopHash } from "../../format/top-hash.js";
import type { VerifyReport } from "../directory/verify-directory.js";
import { Package } from "../package.js";
import { openLocation } from "../registries/registry-location.js";
import type { Pin } from "./lock.js";

/** What became of a pin. */
export interface PinReport {
  /** Whether the registry has the manifest that was pinned, and the directory, if there is one, its files. */
  readonly ok: boolean;
  /** The SHA-256 of the manifest that the registry has, hexadecimal; `null`: it has none of the pinned top hash. */
  readonly manifestDigest: string | null;
  /** How the directory differs; `undefined` for a pin without one, and where the manifest is not the one that was pinned. */
  readonly files: VerifyReport | undefined;
}

/** Holds a pin against its registry and directory. */
export async function verifyPin(
  { name, registry, topHash, manifestDigest, dest }: Pin,
  options: LongOperationOptions,
): Promise<PinReport> {
  const found = await digestIn(registry, topHash);
  if (found !== manifestDigest) return { ok: false, manifestDigest: found, files: undefined };
  const pkg = await Package.browse(name, { registry, topHash, manifestDigest });
  const files = dest === undefined ? undefined : await verifyFiles(pkg, dest, options);
  return { ok: files?.ok !== false, manifestDigest: found, files };
}

/** Of a directory that was not installed yet, every file is missing. */
async function verifyFiles(pkg: Package, dest: string, options: LongOperationOptions): Promise<VerifyReport> {
  if (existsSync(dest)) return pkg.verify(dest, options);
  const missing = pkg.map((logicalKey) => logicalKey);
  return { ok: missing.length === 0, checked: 0, missing, modified: [], extra: [], unverifiable: [] };
}

async function digestIn(location: string, topHash: string): Promise<string | null> {
  const registry = await openLocation(location);
  registry.place.requireThere();
  try {
    return await registry.manifestDigest(parseTopHash(topHash));
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return null;
    throw error;
  }
}
