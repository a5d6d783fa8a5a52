import { sha256 } from "../hash/sha256.js";
import type { Version } from "./store.js";

/** The version of an object's content: compared by value, as an ETag of the same bytes would be. */
export function versionOf(bytes: Uint8Array): Version {
  return Buffer.from(sha256(bytes)).toString("hex") as Version;
}
