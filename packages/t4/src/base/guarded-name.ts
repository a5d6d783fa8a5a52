/** Directories that other programs act upon; a package must not fill them. */
const GUARDED = new Set([".git", ".quilt", ".t4", ".ssh"]);
/** The 8.3 name Windows gives `.git`. */
const SHORT_GIT = /^git~[0-9]+$/;
/** Code points that HFS+ leaves out when it compares names, as do directories of ext4 and F2FS in which case does not count. */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Whether a name is, on some system, that of a file or directory that other programs act upon: Windows drops trailing dots and
 * blanks and cuts at a colon, HFS+ and others leave out invisible characters.
 */
export function isGuarded(part: string): boolean {
  // Nearly every name is told by its first letter: walks ask about each file.
  const first = part.charCodeAt(0);
  if (first < 0x80 && part[0] !== "." && part[0] !== "g" && part[0] !== "G") return false;
  const plain = part.normalize("NFKC").replace(IGNORED, "").toLowerCase().split(":")[0] ?? "";
  const folded = plain.replace(/[. ]+$/, "");
  return GUARDED.has(folded) || SHORT_GIT.test(folded);
}
