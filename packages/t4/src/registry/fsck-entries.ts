import { statSync } from "node:fs";
import type { Entry } from "../format/entry.js";
import { canonicalJson } from "../format/json-write.js";
import { parsePhysicalKey } from "../format/physical-key.js";
import { foldKey, unsafeKeyReason } from "../format/portable-key.js";
import { manifestKey, OBJECTS } from "../format/registry-layout.js";
import { createHasher, isHashType } from "../hash/hasher.js";
import { fileReader } from "../store/file/file-reader.js";
import type { RegistryContext } from "./context.js";
import type { FindingCode } from "./findings.js";
import { type FsckOptions, type Report, setAside } from "./fsck-report.js";
import type { NamedManifest } from "./manifests.js";
import { objectKeyOf } from "./object-key.js";

/** Bytes read at once. */
const READ_BYTES = 256 * 1024;

/** Checks a manifest's keys and the objects that it points to. */
export async function checkEntries(
  context: RegistryContext,
  check: FsckOptions & { readonly manifest: NamedManifest },
  report: Report,
): Promise<void> {
  const where = manifestKey(check.manifest.topHash);
  const folded = new Map<string, string>();
  for (const entry of check.manifest.run.entries()) {
    check.signal?.throwIfAborted();
    const { logicalKey, hash } = entry;
    const code = keyProblem(logicalKey);
    if (code !== undefined)
      report(code, where, { message: `The logical key ${JSON.stringify(logicalKey)} is ${describe(code)}.` });
    const fold = foldKey(logicalKey);
    const twin = folded.get(fold);
    if (twin !== undefined)
      report("E_KEY_COLLISION", where, {
        message: `${JSON.stringify(logicalKey)} and ${JSON.stringify(twin)} are one file on some systems.`,
      });
    folded.set(fold, logicalKey);
    if (hash?.type === "CRC64NVME")
      report("E_HASH_WEAK", where, {
        message: `${JSON.stringify(logicalKey)} has only a checksum, which can be forged.`,
      });
    await checkObject(context, { ...check, entry, where }, report);
  }
}

function keyProblem(logicalKey: string): FindingCode | undefined {
  const reason = unsafeKeyReason(logicalKey, "posix");
  if (reason !== undefined) return reason.includes("act upon") ? "E_KEY_DOTGIT" : "E_KEY_TRAVERSAL";
  return unsafeKeyReason(logicalKey, "win32") === undefined ? undefined : "E_KEY_NONPORTABLE";
}

function describe(code: FindingCode): string {
  if (code === "E_KEY_NONPORTABLE") return "no file name on Windows";
  return "refused when the package is installed";
}

interface ObjectCheck extends FsckOptions {
  readonly entry: Entry;
  readonly where: string;
}

async function checkObject(context: RegistryContext, check: ObjectCheck, report: Report): Promise<void> {
  const { entry, where } = check;
  const url = entry.physicalKeys[0] ?? "";
  const physicalKey = url.startsWith("file:") ? parsePhysicalKey(url) : undefined;
  if (physicalKey?.kind !== "file") return;
  const what = `${JSON.stringify(entry.logicalKey)} at ${url}`;
  const key = objectKeyOf(context, url);
  if (key === undefined) {
    report("E_LOCAL_KEY", where, { message: `${what} lies outside the registry and may change or vanish.` });
  }
  const fault = faultOf(physicalKey.path, check);
  if (fault === undefined) return;
  // Only objects of ours are set aside, files of other clients never.
  const isRepaired = fault.isWrong && key?.startsWith(OBJECTS) === true && (await setAside(context, key, check));
  report(fault.code, where, { message: `${what} ${fault.message}`, isRepaired });
}

interface Fault {
  readonly code: FindingCode;
  readonly message: string;
  /** Whether there is a file that holds other bytes than it should. */
  readonly isWrong: boolean;
}

function faultOf(path: string, { entry, readData }: ObjectCheck): Fault | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { code: "E_OBJECT_MISSING", message: "is missing.", isWrong: false };
  if (size !== entry.size) {
    const expected = canonicalJson(entry.size);
    return { code: "E_OBJECT_SIZE", message: `has ${size} bytes, expected ${expected}.`, isWrong: true };
  }
  if (readData !== true || hashMatches(path, entry)) return undefined;
  return { code: "E_OBJECT_HASH", message: "holds other bytes than its hash says.", isWrong: true };
}

function hashMatches(path: string, entry: Entry): boolean {
  const { hash } = entry;
  if (hash === null || !isHashType(hash.type)) return true;
  const reader = fileReader(path);
  try {
    const hasher = createHasher(hash.type, reader.size);
    for (let at = 0; at < reader.size; at += READ_BYTES) hasher.update(reader.read(at, READ_BYTES));
    return hasher.digest() === hash.value;
  } finally {
    reader.close();
  }
}
