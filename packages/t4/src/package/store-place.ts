import { statSync } from "node:fs";
import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { parseLogicalKey } from "../format/logical-key.js";
import { sameObjectHash } from "../format/object-hash.js";
import { fileUrl, parsePhysicalKey } from "../format/physical-key.js";
import { unsafeKeyReason } from "../format/portable-key.js";
import { isAllowed, isLocal, localPathOf } from "./file-access.js";
import type { PushOptions } from "./package-options.js";
import { isPending, type PackageState } from "./package-state.js";

/** Where a registry gets bytes, and which. */
export interface StorePlace extends Pick<PushOptions, "copy" | "select" | "dest"> {
  /** Directory of the objects that are named by their content. */
  readonly objects: string;
  /** Directory of temporary files. */
  readonly temporary: string;
  /** Directory of the registry. */
  readonly root: string;
}

/** What becomes of an entry's bytes: they stay where they are, the latest revision in the registry has them, or a copy. */
export type Treatment = "stay" | "reuse" | "copy";

/** What becomes of an entry's bytes; `held` is what the latest revision in the registry has at its key. */
export function treatmentOf(
  entry: Entry,
  place: StorePlace,
  { access, held }: Pick<PackageState, "access"> & { readonly held: Entry | undefined },
): Treatment {
  const { copy } = place;
  if (entry.content !== undefined) return "copy";
  if (copy === "none" || place.select?.(entry.logicalKey) === false) {
    // A stranger's manifest must not become ours with the places that it names.
    if (isLocal(entry)) localPathOf(entry, access);
    return "stay";
  }
  const root = copy === "all" ? place.objects : place.root;
  if (isHeld(entry, held, root)) return "reuse";
  if (isPending(entry)) return "copy";
  if (!isLocal(entry)) return copy === "all" ? "copy" : "stay";
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

/** Where in the registry an entry's file gets a name of its own; `undefined`: among the objects. */
export function ownKeyOf({ logicalKey }: Entry, { dest }: StorePlace): string | undefined {
  if (dest === undefined) return undefined;
  const text = typeof dest === "function" ? dest(logicalKey) : [dest, logicalKey].join("/");
  const key = parseLogicalKey(text.replace(/^(?:\.?\/)+/, ""));
  const reason = unsafeKeyReason(key, "posix");
  if (reason === undefined) return key;
  throw new T4Error("ERR_T4_USAGE", `Cannot put ${JSON.stringify(logicalKey)} at ${JSON.stringify(text)}: ${reason}.`, {
    hint: "Give a directory inside the registry.",
    facts: { logicalKey, dest: text },
  });
}
