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
  /** A key stands twice in a manifest, or inside another that is a file. */
  E_MANIFEST_DUP_KEY: "error",
  /** A manifest's lines are in another order than T4's, which costs memory. */
  E_MANIFEST_UNSORTED: "info",
  /** A logical key leads out of the directory that it is installed in. */
  E_KEY_TRAVERSAL: "error",
  /** A logical key lies in a directory that other programs act upon, such as `.git`. */
  E_KEY_DOTGIT: "error",
  /** A logical key cannot be a file name on some system. */
  E_KEY_NONPORTABLE: "warning",
  /** Two logical keys are one file where case or Unicode forms do not count. */
  E_KEY_COLLISION: "warning",
  /** The bytes of an entry are gone, or no one can say where they are. */
  E_OBJECT_MISSING: "error",
  /** The bytes of an entry have another size. */
  E_OBJECT_SIZE: "error",
  /** The bytes of an entry, or of an object that no revision needs, have another hash. */
  E_OBJECT_HASH: "error",
  /** The bytes of an entry are in a bucket under a key without a version, where they may change. */
  E_OBJECT_UNVERSIONED: "warning",
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
  /** Another client wrote its pointer over that of an acknowledged push, which left the history so. */
  E_POINTER_OVERWRITTEN: "error",
  /** A pointer lies in the future: it stays the last of the history, and `log` shows times that were not. */
  E_POINTER_ORDER: "warning",
  /** `latest` stands on an older revision than the newest of the history, and no rollback of T4 did it. */
  E_FORK: "warning",
  /** The record of an operation is damaged: this one cannot be undone, and `gc` stops. */
  E_OPERATION_BODY: "warning",
  /** A record of whose turn it is to publish is damaged. */
  E_LOCK_BODY: "info",
  /** A process died or stalled in its turn to publish; the next push would end that turn. */
  E_LOCK_STALE: "info",
  /** Somebody planted the last turn that there can be: nobody can publish there any more. */
  E_LOCK_LAST: "error",
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
  /** What is wrong, and why it was left when it could not be mended. */
  readonly message: string;
  /** What to do next, by its code. */
  readonly hint: string;
  /** Whether this run mended it or set it aside. */
  readonly isRepaired: boolean;
}
