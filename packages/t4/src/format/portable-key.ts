import { isGuarded } from "../base/guarded-name.js";

/** Whose rules for file names apply. */
export type KeyPlatform = "posix" | "win32" | "darwin";

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const ASCII = /^[\u0000-\u007f]*$/;
const MAX_KEY_BYTES = 1024;
const MAX_PART_BYTES = 255;

const encoder = new TextEncoder();

/** Why a key may not become a file. */
export interface KeyFault {
  /** `guarded`: it reaches into what other programs act upon; `name`: this system has no such names; `unsafe`: all else. */
  readonly kind: "guarded" | "name" | "unsafe";
  /** The same in words, as the end of a sentence. */
  readonly reason: string;
}

/**
 * Why a logical key may not become a file below a directory on `platform`, or `undefined` when it may.
 *
 * The strictest rules of all systems that matter hold everywhere where a difference would let a package reach outside
 * its directory; Windows adds device names and trailing dots and blanks.
 */
export function keyFault(key: string, platform: KeyPlatform): KeyFault | undefined {
  if (key === "") return unsafe("it is empty");
  if (key.startsWith("/")) return unsafe("it is an absolute path");
  if (encoder.encode(key).length > MAX_KEY_BYTES) return unsafe(`it is longer than ${MAX_KEY_BYTES} bytes`);
  for (const part of key.split("/")) {
    const fault = partFault(part, platform);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function unsafe(reason: string): KeyFault {
  return { kind: "unsafe", reason };
}

function partFault(part: string, platform: KeyPlatform): KeyFault | undefined {
  const reason = unsafePart(part);
  if (reason !== undefined) return unsafe(reason);
  if (isGuarded(part)) return { kind: "guarded", reason: `it has the part '${part}', which other programs act upon` };
  const lack = platform === "win32" ? unsafeOnWindows(part) : undefined;
  return lack === undefined ? undefined : { kind: "name", reason: lack };
}

function unsafePart(part: string): string | undefined {
  if (part === "") return "it has an empty part";
  if (part === "." || part === "..") return `it has the part '${part}'`;
  if (CONTROL.test(part)) return "it has a control character";
  if (!part.isWellFormed()) return "it is not valid Unicode";
  if (part.includes("\\")) return "it has a backslash";
  if (encoder.encode(part).length > MAX_PART_BYTES) return `it has a part longer than ${MAX_PART_BYTES} bytes`;
  return undefined;
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
  if (ASCII.test(key)) return key.toLowerCase();
  return key.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFC");
}
