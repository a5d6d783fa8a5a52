import { isGuarded } from "../base/guarded-name.js";

/** Whose rules for file names apply. */
export type KeyPlatform = "posix" | "win32" | "darwin";

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const MAX_KEY_BYTES = 1024;
const MAX_PART_BYTES = 255;

const encoder = new TextEncoder();

/**
 * Why a logical key may not become a file below a directory on `platform`, or `undefined` when it may.
 *
 * The strictest rules of all systems that matter hold everywhere where a difference would let a package reach outside
 * its directory; Windows adds device names and trailing dots and blanks.
 */
export function unsafeKeyReason(key: string, platform: KeyPlatform): string | undefined {
  if (key === "") return "it is empty";
  if (key.startsWith("/")) return "it is an absolute path";
  if (encoder.encode(key).length > MAX_KEY_BYTES) return `it is longer than ${MAX_KEY_BYTES} bytes`;
  for (const part of key.split("/")) {
    const reason = unsafePart(part, platform);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function unsafePart(part: string, platform: KeyPlatform): string | undefined {
  if (part === "") return "it has an empty part";
  if (part === "." || part === "..") return `it has the part '${part}'`;
  if (CONTROL.test(part)) return "it has a control character";
  if (!part.isWellFormed()) return "it is not valid Unicode";
  if (part.includes("\\")) return "it has a backslash";
  if (encoder.encode(part).length > MAX_PART_BYTES) return `it has a part longer than ${MAX_PART_BYTES} bytes`;
  if (isGuarded(part)) return `it has the part '${part}', which other programs act upon`;
  return platform === "win32" ? unsafeOnWindows(part) : undefined;
}

function unsafeOnWindows(part: string): string | undefined {
  if (/[<>:"|?*]/.test(part)) return `Windows allows none of < > : " | ? * in '${part}'`;
  if (DEVICE.test(part.replace(/ +(?=\.|$)/g, ""))) return `'${part}' is a device on Windows`;
  if (/[. ]$/.test(part)) return `Windows drops the dot or blank at the end of '${part}'`;
  return undefined;
}

/**
 * The form in which two keys are one on a file system that folds case or Unicode: equal results mean a collision.
 */
export function foldKey(key: string): string {
  return key.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFC");
}
