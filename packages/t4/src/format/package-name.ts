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

/** Tells whether a text is a package name. */
export function isPackageName(text: string): text is PackageName {
  return NAME.test(text);
}
