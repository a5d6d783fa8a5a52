import type { FindingCode } from "./findings.js";

const MEND = "t4 fsck --repair mends it.";
const SET_ASIDE = "t4 fsck --repair moves it to quarantine.";
const PUSH_AGAIN = "Push the data again, from a directory or registry that has it";
const REMAKE = "Make a revision without such keys; older revisions stay as they are.";

/** What to do about each kind of finding. */
export const FINDING_HINTS: Readonly<Record<FindingCode, string>> = {
  E_LATEST_MISSING: MEND,
  E_LATEST_TORN: MEND,
  E_LATEST_NOT_HEX: MEND,
  E_MANIFEST_MISSING: "Push that revision again, or give it up: t4 rm <author>/<package>@<top hash> --yes.",
  E_MANIFEST_HASH: `Do not trust this revision. ${SET_ASIDE} Then push it again.`,
  E_MANIFEST_PARSE: `${SET_ASIDE} Then push that revision again.`,
  E_MANIFEST_DUP_KEY: "Push that revision again with T4; other clients may still read this one, so it is left.",
  E_MANIFEST_UNSORTED: "Nothing has to be done; a revision that T4 pushes is in order.",
  E_KEY_TRAVERSAL: `T4 installs no such package. ${REMAKE}`,
  E_KEY_DOTGIT: `T4 installs no such package. ${REMAKE}`,
  E_KEY_NONPORTABLE: `Windows cannot install this package. ${REMAKE}`,
  E_KEY_COLLISION: `Where case does not count, only one of them can be installed. ${REMAKE}`,
  E_OBJECT_MISSING: `${PUSH_AGAIN}.`,
  E_OBJECT_SIZE: `${PUSH_AGAIN}; t4 fsck --repair first, which moves the damaged file to quarantine.`,
  E_OBJECT_HASH: `${PUSH_AGAIN}; t4 fsck --repair --read-data first, which moves the damaged file to quarantine.`,
  E_OBJECT_UNVERSIONED: "Push the package with its bytes (copy), or turn on versions in that bucket and push again.",
  E_LOCAL_KEY: "Push the package with its bytes (copy) to have them in the registry.",
  E_HASH_WEAK: "Push the package again with T4, which hashes with SHA-256.",
  E_POINTER_NAME: "t4 fsck --repair moves it to quarantine unless it may be a revision's.",
  E_POINTER_BODY: `${SET_ASIDE} Where a record tells what it held, it is written anew.`,
  E_POINTER_MISSING: "The next push lists it, as does t4 fsck --repair.",
  E_POINTER_OVERWRITTEN: "t4 fsck --repair lists it again, at the next free second.",
  E_POINTER_ORDER:
    "Set that machine's clock. If the revision is not needed: t4 rm <author>/<package>@<top hash> --yes.",
  E_FORK: "Look at t4 log, then choose: t4 rollback <author>/<package>@<top hash>.",
  E_OPERATION_BODY: SET_ASIDE,
  E_LOCK_BODY: MEND,
  E_LOCK_STALE: "The next push ends it, as does t4 fsck --repair.",
  E_LOCK_LAST: "Make sure that nobody pushes, then remove that directory; T4 makes it anew.",
  E_TMP_STALE: "t4 gc removes it; t4 fsck --repair moves it to quarantine.",
};
