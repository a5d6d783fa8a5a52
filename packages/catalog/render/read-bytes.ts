import { Problem, request } from "../web/state/api-client.js";
import type { PreviewFile } from "./previews.js";

/** Bytes `[start, end)` of a file; fewer where it ends. */
export async function readBytes(
  { raw }: Pick<PreviewFile, "raw">,
  { start, end, signal }: { readonly start: number; readonly end: number; readonly signal?: AbortSignal },
): Promise<Uint8Array> {
  const headers = { Range: `bytes=${start}-${end - 1}` };
  try {
    const response = await request(raw, signal ? { headers, signal } : { headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return requireWhole(bytes, response.headers.get("Content-Range"));
  } catch (error) {
    // Nothing lies behind the end, as in an empty file.
    if (error instanceof Problem && error.code === "HTTP 416") return new Uint8Array();
    throw error;
  }
}

/** @throws {@link Problem} for fewer bytes than the answer says it has: they would be taken for a damaged file. */
function requireWhole(bytes: Uint8Array, range: string | null): Uint8Array {
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(range ?? "") ?? [];
  if (first === undefined || bytes.length === Number(last) - Number(first) + 1) return bytes;
  const message = `Only ${bytes.length} of the bytes ${first} to ${last} arrived.`;
  throw new Problem({ code: "ShortAnswer", message, hint: "Try again: the file itself is not known to be damaged." });
}

/** The first bytes of a file. */
export async function readHead(file: PreviewFile, length: number, signal: AbortSignal): Promise<Uint8Array> {
  return readBytes(file, { start: 0, end: length, signal });
}

/**
 * All of a file of at most so many bytes, verified where it is not large. Never reads more, whatever is known of its size.
 *
 * @throws {@link Problem} `TooLarge` for a file that has more.
 */
export async function readAtMost(
  file: Pick<PreviewFile, "raw" | "size">,
  { most, signal }: { readonly most: number; readonly signal?: AbortSignal },
): Promise<Uint8Array> {
  const tooLarge = new Problem({
    code: "TooLarge",
    message: "This file is too large to be shown this way.",
    hint: "Look at it as Text, or download it.",
  });
  if (file.size > most) throw tooLarge;
  const bytes = await readBytes(file, { start: 0, end: most + 1, ...(signal && { signal }) });
  if (bytes.length > most) throw tooLarge;
  return bytes;
}

/** All of a file, verified where it is not large. */
export async function readWhole({ raw }: Pick<PreviewFile, "raw">, signal?: AbortSignal): Promise<Uint8Array> {
  return new Uint8Array(await (await request(raw, signal ? { signal } : {})).arrayBuffer());
}

/** All of a file, like {@link readWhole}; `onRead` is told how many more bytes came. */
export async function readCounted(
  { raw }: Pick<PreviewFile, "raw">,
  onRead: (more: number) => void,
): Promise<Uint8Array> {
  const { body } = await request(raw);
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return new Uint8Array(await new Response(body?.pipeThrough(counter) ?? null).arrayBuffer());
}
