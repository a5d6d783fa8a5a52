import type { FormatOptions } from "../format.js";
import { decodeText } from "../text.js";

/** Bytes as they are. */
export const bytes: FormatOptions = { extensions: [".bin"], read: (content) => content };

/** Text. */
export const utf8: FormatOptions = { extensions: [".txt", ".md", ".rst"], read: decodeText };
