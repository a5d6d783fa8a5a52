/** How bad a finding is. */
export type Severity = "error" | "warning" | "info";

/** Stable codes of what fsck finds, with how bad each is. */
export const FINDING_CODES = {
  E_LATEST_MISSING: "error",
  E_LATEST_TORN: "error",
  E_LATEST_NOT_HEX: "error",
  E_MANIFEST_MISSING: "error",
  E_MANIFEST_HASH: "error",
  E_MANIFEST_PARSE: "error",
  E_KEY_TRAVERSAL: "error",
  E_KEY_DOTGIT: "error",
  E_KEY_NONPORTABLE: "warning",
  E_KEY_COLLISION: "warning",
  E_OBJECT_MISSING: "error",
  E_OBJECT_SIZE: "error",
  E_OBJECT_HASH: "error",
  E_LOCAL_KEY: "warning",
  E_HASH_WEAK: "warning",
  E_POINTER_NAME: "info",
  E_POINTER_BODY: "error",
  E_POINTER_MISSING: "warning",
  E_TMP_STALE: "info",
} as const satisfies Record<string, Severity>;

/** A stable code of a finding. */
export type FindingCode = keyof typeof FINDING_CODES;

/** One thing that is not as it should be. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The pointer, manifest or object, as a key of the registry; for a physical key elsewhere, its URL. */
  readonly where: string;
  readonly message: string;
  /** Whether this run mended it or set it aside. */
  readonly isRepaired: boolean;
}
