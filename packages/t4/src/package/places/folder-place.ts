import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAbsent, T4Error } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { type Entry, sameContent } from "../../format/entry.js";
import { fileUrl, parsePhysicalKey } from "../../format/physical-key.js";
import { STATE } from "../../format/registry-layout.js";
import { DEFAULT_HASH } from "../../hash/hasher.js";
import { objectName } from "../../hash/object-name.js";
import { nodeFileSystem } from "../../store/file/file-system.js";
import { makeDirectory } from "../../store/file/make-directory.js";
import type { Job } from "../../transfer/file-job.js";
import { addDirectories, flushDirectories } from "../../transfer/flush.js";
import { useObject } from "../../transfer/object-file.js";
import { isPending, type PackageState } from "../package-state.js";
import { accessTo, type FileAccess, isAllowed, isLocal, localPathOf } from "../sources/file-access.js";
import type { DataPlace, Incoming, Plan, StoreOptions, StorePlace } from "./data-place.js";
import { expectationOf, requireExpectation } from "./entry-expectation.js";
import { builtEntry, extensionOf, hashJob, keepsType, plain, reusedEntry, sourceOf, typesOf } from "./entry-job.js";
import { ownKeyOf } from "./own-key.js";

/** The folder of a registry; its own user's may lead to any file that he may read. */
export function folderPlace(root: string, { isLocal: isOwn }: { readonly isLocal: boolean }): DataPlace {
  return {
    access: isOwn ? { roots: "any" } : accessTo(root),
    requireThere() {
      // The user's own registry is made when it is first needed, and is empty until then.
      if (isOwn || isDirectory(root)) return;
      const [why, hint] = existsSync(root)
        ? ["it is a file", "A registry is a folder or a bucket: name that."]
        : ["no such folder", "Check the path; the first push to it makes a registry."];
      throw new T4Error("ERR_T4_NOT_FOUND", `There is no registry at ${root}: ${why}.`, {
        hint,
        facts: { registry: root },
      });
    },
    requireMade() {
      this.requireThere();
      // An empty folder is what is left where a disk is not mounted.
      if (isOwn || isDirectory(join(root, STATE, ".."))) return;
      throw new T4Error("ERR_T4_NOT_FOUND", `There is no registry at ${root}: the folder has no .quilt.`, {
        hint: "Check the path, and that its disk is mounted; the first push to it makes a registry.",
        facts: { registry: root },
      });
    },
    async inspect() {
      this.requireThere();
      return (await import("./inspect-folder.js")).inspectFolder(root);
    },
    async open(options) {
      const folder = { ...options, root, objects: join(root, STATE, "objects"), temporary: join(root, STATE, "tmp") };
      for (const directory of [folder.objects, folder.temporary]) await makeFolder(directory);
      return storeIn(folder);
    },
  };
}

async function makeFolder(directory: string): Promise<void> {
  try {
    await makeDirectory(nodeFileSystem, directory);
  } catch (error) {
    throw ioError(`make the directory ${directory}`, error);
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Where in a folder bytes go, and which. */
interface Folder extends StoreOptions {
  readonly root: string;
  /** Directory of the objects that are named by their content. */
  readonly objects: string;
  /** Directory of temporary files. */
  readonly temporary: string;
}

function storeIn(folder: Folder): StorePlace {
  const found = new Set<string>();
  const noteFound = (path: string): void => addDirectories(found, { path, root: folder.root });
  return {
    // A file that gets a name of its own has to be known before it is compared with one that has the name already.
    needsHashes: folder.dest !== undefined,
    plan(incoming, state): Plan {
      const treatment = treatmentOf(incoming, folder, state);
      if (treatment === "stay") {
        const ready = builtEntry(incoming);
        return ready === undefined ? { job: hashJob(incoming, state) } : { ready };
      }
      const ready = treatment === "reuse" ? reusedEntry(incoming) : storedEntry(incoming, { ...folder, noteFound });
      return ready === undefined ? { job: copyJob(incoming, folder, state) } : { ready };
    },
    flushFound: () => flushDirectories(found),
    published: () => undefined,
  };
}

/** What becomes of an entry's bytes: they stay where they are, the latest revision in the registry has them, or a copy. */
type Treatment = "stay" | "reuse" | "copy";

function treatmentOf({ entry, held }: Incoming, folder: Folder, { access }: Pick<PackageState, "access">): Treatment {
  const { copy } = folder;
  if (entry.content !== undefined) return "copy";
  const isUnwanted = copy === "none" || folder.select?.(entry.logicalKey) === false;
  if (isHeld(entry, held, folder)) return "reuse";
  if (isUnwanted) {
    // A stranger's manifest must not become ours with the places that it names.
    if (isLocal(entry)) localPathOf(entry, access);
    return "stay";
  }
  if (isPending(entry)) return "copy";
  if (!isLocal(entry)) return copy === "local" ? "stay" : "copy";
  return isIn(copy === "all" ? folder.objects : folder.root, entry, access) ? "stay" : "copy";
}

/** Whether an entry's bytes are below a directory; then they must be there. */
function isIn(root: string, entry: Entry, access: FileAccess): boolean {
  const path = localPathOf(entry, access);
  if (!isAllowed(path, { roots: [root] })) return false;
  if (isThere(path, entry)) return true;
  throw bytesGone(entry, path);
}

function isThere(path: string, { size }: Entry): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (typeof size !== "number" || found.size === size);
}

/** A revision must not be published whose bytes nobody has. */
function bytesGone({ logicalKey }: Entry, path: string): T4Error {
  return new T4Error(
    "ERR_T4_INTEGRITY",
    `Cannot publish ${JSON.stringify(logicalKey)}: its bytes are no longer at ${path}.`,
    {
      hint: "Set the file again, or push a directory that has it; t4 fsck shows what else is missing.",
      facts: { logicalKey, path },
    },
  );
}

/**
 * Whether the registry's own manifest says that an entry's bytes are among its objects, and they are there. A file of another name may
 * be another by now.
 */
function isHeld(entry: Entry, held: Entry | undefined, { objects }: Folder): boolean {
  if (held === undefined || !sameContent(held, entry)) return false;
  const [url = ""] = held.physicalKeys;
  if (!url.startsWith(`${fileUrl(objects)}/`) || url.includes("/../")) return false;
  const key = parsePhysicalKey(url);
  return key.kind === "file" && isThere(key.path, entry);
}

interface NotingFolder extends Folder {
  /** Notes a file that is there. */
  readonly noteFound: (path: string) => void;
}

/** An entry whose bytes are known to be among the objects already. */
function storedEntry({ entry, former }: Incoming, folder: NotingFolder): Entry | undefined {
  const { hash, size } = entry;
  if (folder.dest !== undefined || hash?.type !== DEFAULT_HASH || !keepsType(hash, former)) return undefined;
  const path = join(folder.objects, objectName(hash.value, extensionOf(entry)));
  if (typeof size !== "number" || !useObject(path, size)) return undefined;
  folder.noteFound(path);
  return plain({ ...entry, physicalKeys: [fileUrl(path)] });
}

function copyJob(incoming: Incoming, folder: Folder, state: Pick<PackageState, "access">): Job {
  const { entry } = incoming;
  const source = sourceOf(entry, state);
  const { root, objects, temporary, dest } = folder;
  if (dest !== undefined) {
    const expected = requireExpectation(entry);
    return { kind: "install", source, expected, root, key: ownKeyOf(entry, dest), replaceable: [] };
  }
  const [types, expected] = [typesOf(incoming), expectationOf(entry)];
  return { kind: "store", source, types, expected, objects, temporary, extension: extensionOf(entry) };
}
