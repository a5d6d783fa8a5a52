import { T4Error } from "../base/errors.js";

/** A byte order mark is part of the text, so that encoding it again gives the same bytes. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws {@link T4Error} `ERR_T4_FORMAT` naming the file when the bytes are no UTF-8: nothing is replaced in silence. */
export function decodeText(bytes: Uint8Array, logicalKey: string): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw noText(logicalKey, cause);
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

/**
 * Decodes UTF-8 chunk by chunk, without a byte order mark at the start.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` naming the file when the bytes are no UTF-8.
 */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw noText(path, cause);
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}

function noText(logicalKey: string, cause: unknown): T4Error {
  return new T4Error("ERR_T4_FORMAT", `${JSON.stringify(logicalKey)} is no UTF-8 text.`, {
    hint: "Read its bytes, and decode them as what they are; deserialize takes a function.",
    facts: { logicalKey },
    cause,
  });
}
