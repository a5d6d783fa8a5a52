import { T4Error } from "../base/errors.js";
import type { Entry } from "../format/entry.js";
import { parseLogicalKey } from "../format/logical-key.js";
import { unsafeKeyReason } from "../format/portable-key.js";
import { isAllowed, localPathOf } from "./file-access.js";
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

/** Whether an entry's bytes are left where they are. */
export function staysInPlace(entry: Entry, place: StorePlace, { access }: PackageState): boolean {
  const { copy = "missing", select } = place;
  if (entry.content !== undefined) return false;
  if (copy === "none" || select?.(entry.logicalKey) === false) return true;
  if (isPending(entry)) return false;
  if (entry.physicalKeys[0]?.startsWith("file:") !== true) return copy !== "all";
  return isAllowed(localPathOf(entry, access), { roots: [copy === "all" ? place.objects : place.root] });
}

/** Where in the registry an entry's file gets a name of its own; `undefined`: among the objects. */
export function ownKeyOf({ logicalKey }: Entry, { dest }: StorePlace): string | undefined {
  if (dest === undefined) return undefined;
  const text = typeof dest === "function" ? dest(logicalKey) : [dest, logicalKey].join("/");
  const key = parseLogicalKey(text.replace(/^(?:\.?\/)+/, ""));
  const reason = unsafeKeyReason(key, "posix") ?? (/^\.(?:quilt|t4)(?:\/|$)/.test(key) ? "it is T4's own" : undefined);
  if (reason === undefined) return key;
  throw new T4Error("ERR_T4_USAGE", `Cannot put ${JSON.stringify(logicalKey)} at ${JSON.stringify(text)}: ${reason}.`, {
    hint: "Give a directory inside the registry.",
    facts: { logicalKey, dest: text },
  });
}
