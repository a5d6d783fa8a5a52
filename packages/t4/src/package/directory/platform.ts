import type { KeyPlatform } from "../../format/portable-key.js";

/** Whose rules for file names hold on this machine. */
export const PLATFORM: KeyPlatform =
  process.platform === "win32" || process.platform === "darwin" ? process.platform : "posix";
