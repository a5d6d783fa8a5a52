/** How bad a finding is: `"error"` costs data or reading, `"warning"` may, `"info"` does not. */
export type Severity = "error" | "warning" | "info";

/**
 * Stable codes of what `Registry.fsck` finds, with how bad each is.
 *
 * @example
 * ```ts
 * import { FINDING_CODES } from "t4";
 * console.assert(FINDING_CODES.E_OBJECT_HASH === "error");
 * ```
 */
export const FINDING_CODES = {
  /** A package has revisions but no `latest`. */
  E_LATEST_MISSING: "error",
  /** `latest` was cut off while it was written. */
  E_LATEST_TORN: "error",
  /** `latest` holds something else than a top hash. */
  E_LATEST_NOT_HEX: "error",
  /** A pointer names a manifest that is missing or damaged. */
  E_MANIFEST_MISSING: "error",
  /** A manifest has another top hash than its name says. */
  E_MANIFEST_HASH: "error",
  /** A manifest cannot be read. */
  E_MANIFEST_PARSE: "error",
  /** A logical key leads out of the directory that it is installed in. */
  E_KEY_TRAVERSAL: "error",
  /** A logical key lies in a directory that other programs act upon, such as `.git`. */
  E_KEY_DOTGIT: "error",
  /** A logical key cannot be a file name on some system. */
  E_KEY_NONPORTABLE: "warning",
  /** Two logical keys are one file where case or Unicode forms do not count. */
  E_KEY_COLLISION: "warning",
  /** The bytes of an entry are gone. */
  E_OBJECT_MISSING: "error",
  /** The bytes of an entry have another size. */
  E_OBJECT_SIZE: "error",
  /** The bytes of an entry have another hash. */
  E_OBJECT_HASH: "error",
  /** The bytes of an entry lie outside the registry, where they may change or vanish. */
  E_LOCAL_KEY: "warning",
  /** An entry has only a checksum, which can be forged. */
  E_HASH_WEAK: "warning",
  /** A file among the manifests or pointers that has no place there. */
  E_POINTER_NAME: "info",
  /** A pointer holds no top hash. */
  E_POINTER_BODY: "error",
  /** The latest revision is not in the history. */
  E_POINTER_MISSING: "warning",
  /** A temporary file was left by a process that died. */
  E_TMP_STALE: "info",
} as const satisfies Record<string, Severity>;

/** A stable code of a finding. */
export type FindingCode = keyof typeof FINDING_CODES;

/** One thing that is not as it should be. */
export interface Finding {
  /** What kind of finding. */
  readonly code: FindingCode;
  /** How bad it is, by its code. */
  readonly severity: Severity;
  /** The pointer, manifest or object, as a key of the registry; for a physical key elsewhere, its URL. */
  readonly where: string;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** Whether this run mended it or set it aside. */
  readonly isRepaired: boolean;
}
