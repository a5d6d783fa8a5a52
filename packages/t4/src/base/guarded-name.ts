/** Directories that other programs act upon; a package must not fill them. */
const GUARDED = new Set([".git", ".quilt", ".t4", ".ssh"]);
/** The 8.3 name Windows gives `.git`. */
const SHORT_GIT = /^git~[0-9]+$/;
/** Code points that HFS+ leaves out when it compares names. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Whether a name is, on some system, that of a file or directory that other programs act upon: Windows drops trailing dots and
 * blanks and cuts at a colon, HFS+ leaves out invisible characters.
 */
export function isGuarded(part: string): boolean {
  // Nearly every name is told by its first letter: walks ask about each file.
  const first = part.charCodeAt(0);
  if (first < 0x80 && part[0] !== "." && part[0] !== "g" && part[0] !== "G") return false;
  const plain = part.normalize("NFKC").replace(HFS_IGNORED, "").toLowerCase().split(":")[0] ?? "";
  const folded = plain.replace(/[. ]+$/, "");
  return GUARDED.has(folded) || SHORT_GIT.test(folded);
}
