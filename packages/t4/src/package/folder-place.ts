import { statSync } from "node:fs";
import { join } from "node:path";
import { systemCode, T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { parseLogicalKey } from "../format/logical-key.js";
import { sameObjectHash } from "../format/object-hash.js";
import { fileUrl, parsePhysicalKey } from "../format/physical-key.js";
import { unsafeKeyReason } from "../format/portable-key.js";
import { STATE } from "../format/registry-layout.js";
import { makeDirectory, nodeFileSystem } from "../store/file/file-system.js";
import type { Job } from "../transfer/file-job.js";
import { addDirectories, flushDirectories } from "../transfer/flush.js";
import { objectName, useObject } from "../transfer/object-file.js";
import type { DataPlace, Incoming, Plan, StoreOptions, StorePlace } from "./data-place.js";
import { expectationOf } from "./entry-expectation.js";
import {
  builtEntry,
  DEFAULT_HASH,
  extensionOf,
  hashJob,
  keepsType,
  plain,
  reusedEntry,
  sourceOf,
  typesOf,
} from "./entry-job.js";
import { accessTo, isAllowed, isLocal, localPathOf } from "./file-access.js";
import type { PushOptions } from "./package-options.js";
import { isPending, type PackageState } from "./package-state.js";

/** The folder of a registry; its own user's may lead to any file that he may read. */
export function folderPlace(root: string, { isLocal: isOwn }: { readonly isLocal: boolean }): DataPlace {
  return {
    access: isOwn ? { roots: "any" } : accessTo(root),
    requireThere() {
      // The user's own registry is made when it is first needed, and is empty until then.
      if (isOwn || isDirectory(root)) return;
      throw new T4Error("ERR_T4_NOT_FOUND", `There is no registry at ${root}: no such folder.`, {
        hint: "Check the path; the first push to it makes a registry.",
        facts: { registry: root },
      });
    },
    async inspect() {
      this.requireThere();
      return (await import("./inspect-folder.js")).inspectFolder(root);
    },
    async open(options) {
      const folder = { ...options, root, objects: join(root, STATE, "objects"), temporary: join(root, STATE, "tmp") };
      for (const directory of [folder.objects, folder.temporary]) await makeDirectory(nodeFileSystem, directory);
      return storeIn(folder);
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return false;
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
    noteFound,
    flushFound: () => flushDirectories(found),
    published: () => undefined,
  };
}

/** What becomes of an entry's bytes: they stay where they are, the latest revision in the registry has them, or a copy. */
type Treatment = "stay" | "reuse" | "copy";

function treatmentOf({ entry, held }: Incoming, folder: Folder, { access }: Pick<PackageState, "access">): Treatment {
  const { copy } = folder;
  if (entry.content !== undefined) return "copy";
  if (copy === "none" || folder.select?.(entry.logicalKey) === false) {
    // A stranger's manifest must not become ours with the places that it names.
    if (isLocal(entry)) localPathOf(entry, access);
    return "stay";
  }
  const root = copy === "all" ? folder.objects : folder.root;
  if (isHeld(entry, held, root)) return "reuse";
  if (isPending(entry)) return "copy";
  if (!isLocal(entry)) return copy === "local" ? "stay" : "copy";
  return isAllowed(localPathOf(entry, access), { roots: [root] }) ? "stay" : "copy";
}

/** Whether the registry's own manifest says that an entry's bytes are below `root`, and they are there. */
function isHeld(entry: Entry, held: Entry | undefined, root: string): boolean {
  if (held === undefined || held.size !== entry.size || !sameObjectHash(held.hash, entry.hash)) return false;
  const [url = ""] = held.physicalKeys;
  if (entry.hash === null || !url.startsWith(`${fileUrl(root)}/`) || url.includes("/../")) return false;
  const key = parsePhysicalKey(url);
  return key.kind === "file" && statSync(key.path, { throwIfNoEntry: false })?.size === entry.size;
}

/** An entry whose bytes are known to be among the objects already. */
function storedEntry({ entry, former }: Incoming, folder: Folder & Pick<StorePlace, "noteFound">): Entry | undefined {
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
  const expected = expectationOf(entry);
  const key = folder.dest === undefined ? undefined : ownKeyOf(entry, folder.dest);
  if (key !== undefined && expected !== undefined) {
    return { kind: "install", source, expected, root: folder.root, key, replaceable: [] };
  }
  const { objects, temporary } = folder;
  const types = typesOf(incoming);
  return { kind: "store", source, types, expected, objects, temporary, extension: extensionOf(entry) };
}

/** The name of its own that an entry's file gets in the registry. */
export function ownKeyOf({ logicalKey }: Entry, dest: NonNullable<PushOptions["dest"]>): string {
  const text = typeof dest === "function" ? dest(logicalKey) : [dest, logicalKey].join("/");
  const key = parseLogicalKey(text.replace(/^(?:\.?\/)+/, ""));
  const reason = unsafeKeyReason(key, "posix") ?? (/^\.(?:quilt|t4)(?:\/|$)/.test(key) ? "it is T4's own" : undefined);
  if (reason === undefined) return key;
  throw new T4Error("ERR_T4_USAGE", `Cannot put ${JSON.stringify(logicalKey)} at ${JSON.stringify(text)}: ${reason}.`, {
    hint: "Give a directory inside the registry.",
    facts: { logicalKey, dest: text },
  });
}
