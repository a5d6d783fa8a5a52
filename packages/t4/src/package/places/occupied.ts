import { T4Error } from "../../base/errors.js";
import type { Entry } from "../../format/entry.js";

/** The error for a file's own name, a path or a URL, under which another file is. */
export function occupied({ logicalKey }: Entry, place: { readonly path: string } | { readonly url: string }): T4Error {
  const at = "path" in place ? place.path : place.url;
  return new T4Error("ERR_T4_CONFLICT", `Another file than ${JSON.stringify(logicalKey)} is at ${at} already.`, {
    hint: "An older revision may stand on it: it is never overwritten. Push to another dest, or without one.",
    facts: { logicalKey, ...place },
  });
}
