/**
 * What went wrong, as a stable word to branch on; each code belongs to one exit code of the command line.
 *
 * The code names the kind of failure; the message says what, where, expected and got; `hint` says what to do next.
 */
export type T4ErrorCode = keyof typeof EXIT_CODES;

/**
 * Exit code of the `t4` command for each error code, a whole number from 1 to 10.
 *
 * @example
 * ```ts
 * import { EXIT_CODES } from "t4";
 * console.assert(EXIT_CODES.ERR_T4_CONFLICT === 5);
 * ```
 */
export const EXIT_CODES = {
  /** The disk or another system call failed. */
  ERR_T4_IO: 1,
  /** A manifest, settings or data file cannot be read. */
  ERR_T4_FORMAT: 1,
  /** T4 has no way to do this: a place that is no folder, a format that nobody registered. */
  ERR_T4_UNSUPPORTED: 1,
  /** A wrong option or an operation that makes no sense here. */
  ERR_T4_USAGE: 2,
  /** Not a package name. */
  ERR_T4_INVALID_NAME: 2,
  /** Not a logical key. */
  ERR_T4_INVALID_KEY: 2,
  /** Metadata that JSON cannot hold. */
  ERR_T4_INVALID_META: 2,
  /** Not a reference, top hash or tag. */
  ERR_T4_INVALID_REFERENCE: 2,
  /** Done but for some files, which were kept. */
  ERR_T4_PARTIAL: 3,
  /** No such package, revision, entry or file. */
  ERR_T4_NOT_FOUND: 4,
  /** A short hash that means several revisions. */
  ERR_T4_AMBIGUOUS: 4,
  /** Others published or changed the same meanwhile; nothing was done. */
  ERR_T4_CONFLICT: 5,
  /** Others were in front for too long; nothing was done, try again. */
  ERR_T4_BUSY: 5,
  /** Bytes are not what their hash says. */
  ERR_T4_INTEGRITY: 6,
  /** A file changed between being set and being read. */
  ERR_T4_SOURCE_CHANGED: 6,
  /** No permission. */
  ERR_T4_ACCESS: 7,
  /** A rule of the registry's workflow is broken. */
  ERR_T4_WORKFLOW: 8,
  /** Input that would reach outside of what is its own. */
  ERR_T4_UNSAFE: 9,
  /** Whether it was done could not be found out; the hint says how to settle it. */
  ERR_T4_UNKNOWN_OUTCOME: 10,
} as const;

/** What an error knows beside its message: plain values, named, safe to print as JSON. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Options of {@link T4Error}. */
export interface T4ErrorOptions {
  /** What the user can do next, one sentence. */
  readonly hint?: string;
  /** Typed facts for programs: the key, path, expected and found value. */
  readonly facts?: ErrorFacts;
  /** The lower error that led here. */
  readonly cause?: unknown;
}

/**
 * The one error class that T4 throws on purpose; aborts are rethrown as `signal.reason` and never wrapped.
 *
 * @example
 * ```ts
 * import { Package, isT4Error } from "t4";
 * try {
 *   await Package.browse("nobody/nothing", { registry: "./registry" });
 * } catch (error) {
 *   if (!isT4Error(error, "ERR_T4_NOT_FOUND")) throw error;
 * }
 * ```
 */
export class T4Error extends Error {
  /** Always `"T4Error"`. */
  override readonly name = "T4Error";
  /** The stable kind of failure. */
  readonly code: T4ErrorCode;
  /** What to do next, one sentence, when there is something. */
  readonly hint: string | undefined;
  /** Facts for programs. */
  readonly facts: ErrorFacts;

  /** Makes an error of your own, for a {@link Deserializer} or a callback that refuses something. */
  constructor(code: T4ErrorCode, message: string, options: T4ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }
}

/**
 * Tells whether `error` is a {@link T4Error}, of one of `codes` when any are given.
 *
 * @example
 * ```ts
 * import { isT4Error, Package } from "t4";
 * try {
 *   new Package().entry("absent.txt");
 * } catch (error) {
 *   if (!isT4Error(error, "ERR_T4_NOT_FOUND", "ERR_T4_AMBIGUOUS")) throw error;
 *   console.log(error.message, error.hint, error.facts);
 * }
 * ```
 */
export function isT4Error(error: unknown, ...codes: readonly T4ErrorCode[]): error is T4Error {
  return error instanceof T4Error && (codes.length === 0 || codes.includes(error.code));
}

/** The `code` of a Node system error (`ENOENT`, `EEXIST`, …), or `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What the system says of a path at which there is nothing; the second: a file stands where a directory should be. */
export const ABSENT = ["ENOENT", "ENOTDIR"] as const;
/** What a file system says that has no hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"] as const;

/** Whether a system call failed with one of these codes. */
export function hasSystemCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(systemCode(error) ?? "");
}

/** Whether a system call failed because there is nothing at its path. */
export function isAbsent(error: unknown): boolean {
  return hasSystemCode(error, ABSENT);
}

/** Whether a system call failed because the file system has no hard links. */
export function hasNoLinks(error: unknown): boolean {
  return hasSystemCode(error, NO_LINKS);
}
