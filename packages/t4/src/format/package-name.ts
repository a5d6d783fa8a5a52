import { T4Error } from "../base/errors.js";

/** A checked package name, `<author>/<package>`: a string. T4 gives it out and takes plain strings. */
export type PackageName = string & {
  /** Keeps unchecked strings out. */
  readonly __brand: "PackageName";
};

/** Python's `\w` and the hyphen, on both sides of one slash. */
const NAME = /^[\p{L}\p{N}_-]+\/[\p{L}\p{N}_-]+$/u;

/**
 * Checks a package name: `<author>/<package>`, each of letters, digits, `_` and `-`.
 *
 * Letters and digits of every script are accepted, as in Quilt 3.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_NAME` with the rule.
 */
export function parsePackageName(text: string): PackageName {
  if (isPackageName(text)) return text;
  throw new T4Error(
    "ERR_T4_INVALID_NAME",
    `Invalid package name ${JSON.stringify(text)}: expected <author>/<package>.`,
    {
      hint: "Use letters, digits, '_' and '-' with exactly one '/' between, for example alice/iris.",
      facts: { name: text },
    },
  );
}

/** Longest name of a new package, in characters. */
const MAX_NEW_LENGTH = 100;
/** Names that Windows keeps for devices, in any case. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/**
 * Says why no new package should get a name; `undefined` when nothing speaks against it. Packages that have such a name keep it.
 *
 * A new name is of ASCII, so that it can be typed and looks like no other, at most 100 characters long, and a directory on
 * every system.
 */
export function newNameProblem(name: PackageName): string | undefined {
  if (!/^[A-Za-z0-9_/-]+$/.test(name)) return "it has letters or digits beyond ASCII";
  if (name.length > MAX_NEW_LENGTH) return `it has ${name.length} characters, more than ${MAX_NEW_LENGTH}`;
  const device = name.split("/").find((part) => DEVICE.test(part));
  return device === undefined ? undefined : `Windows keeps ${device} for a device`;
}

/** Tells whether a text is a package name. */
export function isPackageName(text: string): text is PackageName {
  return NAME.test(text);
}
