import { createHmac } from "node:crypto";
import { encodePath } from "./page-path.js";
import { isEqual, newSecret } from "./session.js";

/** A revision of a package in a registry that the catalog knows. */
export interface RevisionPlace {
  readonly registryId: string;
  readonly name: string;
  readonly topHash: string;
}

/**
 * Addresses that open the bytes of one revision and nothing else, to whoever holds them: what renders a stranger's
 * bytes gets such an address in place of the session.
 */
export interface Capabilities {
  /** The address of a revision's root, ending in a slash. */
  rawPath(place: RevisionPlace): string;
  /** Whether the first part of such an address was made here for this place. */
  isValid(mark: string, place: RevisionPlace): boolean;
}

/** Makes the key of one run of the server. */
export function createCapabilities(): Capabilities {
  const key = newSecret();
  const mark = ({ registryId, name, topHash }: RevisionPlace): string =>
    createHmac("sha256", key)
      .update(JSON.stringify([registryId, name, topHash]))
      .digest("base64url");
  return {
    rawPath(place) {
      return `/-/raw/${mark(place)}/${place.registryId}/${encodePath(place.name)}/${place.topHash}/`;
    },
    isValid: (given, place) => isEqual(given, mark(place)),
  };
}
