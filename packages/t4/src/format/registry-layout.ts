import { OBJECT_NAME } from "../hash/object-name.js";
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
/** What is about to be published, in buckets whose writers do not exclude each other. */
export const INTENTS = ".quilt/t4/intents/";
/** Records of changed pointers, for undo. */
export const OPERATIONS = ".quilt/t4/ops/";

/** An object's key at the end of a path. */
const OBJECT_KEY = new RegExp(`(?<=/)${OBJECTS.replace(".", "\\.")}${OBJECT_NAME.source}$`);

/** The key that a path with slashes ends in, if it is an object's: the same in whatever registry, as its name tells its content. */
export function objectKeyIn(path: string): string | undefined {
  return OBJECT_KEY.exec(path)?.[0];
}

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
