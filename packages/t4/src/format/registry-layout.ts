import type { PackageName } from "./package-name.js";
import type { TopHash } from "./top-hash.js";

/** Where manifests are, flat and shared by all packages. */
export const MANIFESTS = ".quilt/packages/";
/** Where pointers are: `<author>/<package>/<pointer>`. */
export const POINTERS = ".quilt/named_packages/";
/** All that is T4's own and that no other client reads. */
export const STATE = ".quilt/t4/";
/** Content-addressed data of pushed packages. */
export const OBJECTS = ".quilt/t4/objects/";
/** Files that are not finished, and tickets to publish with. */
export const TEMPORARY = ".quilt/t4/tmp/";
/** Whose turn it is to publish, in a folder. */
export const LOCKS = ".quilt/t4/locks/";
/** What repairs set aside. */
export const QUARANTINE = ".quilt/t4/quarantine/";
/** Records of changed pointers, for undo. */
export const OPERATIONS = ".quilt/t4/ops/";

/** Key of a manifest. */
export function manifestKey(topHash: TopHash): string {
  return MANIFESTS + topHash;
}

/** Prefix of a package's pointers, ending in a slash. */
export function packagePrefix(name: PackageName): string {
  return `${POINTERS}${name}/`;
}

/** Key of a pointer: `latest`, ten digits, or a tag. */
export function pointerKey(name: PackageName, pointer: string): string {
  return packagePrefix(name) + pointer;
}
