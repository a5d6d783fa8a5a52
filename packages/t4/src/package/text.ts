import { T4Error } from "../base/errors.js";

/** A byte order mark is part of the text, so that encoding it again gives the same bytes. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws {@link T4Error} `ERR_T4_FORMAT` naming the file when the bytes are no UTF-8: nothing is replaced in silence. */
export function decodeText(bytes: Uint8Array, logicalKey: string): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new T4Error("ERR_T4_FORMAT", `${JSON.stringify(logicalKey)} is no UTF-8 text.`, {
      hint: "Read its bytes, and decode them as what they are; deserialize takes a function.",
      facts: { logicalKey },
      cause,
    });
  }
}

/** A byte order mark before JSON means nothing. */
export function parseJson(text: string, logicalKey: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new T4Error("ERR_T4_FORMAT", `${JSON.stringify(logicalKey)} is no JSON: ${reason}.`, {
      hint: "Read it as text to see what it is.",
      facts: { logicalKey },
      cause,
    });
  }
}
