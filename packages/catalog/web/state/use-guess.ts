import { useEffect, useState } from "preact/hooks";
import type { PreviewFile } from "../../render/previews.js";
import { readHead } from "../../render/read-bytes.js";
import type { Problem } from "./api-client.js";
import { asProblem } from "./use-resource.js";

const HEAD_BYTES = 4096;

/** Text or bytes, by a file's beginning: for names that tell nothing. */
export function useGuess(file: PreviewFile | undefined): {
  readonly kind?: "text" | "hex";
  readonly problem?: Problem;
} {
  const [guess, setGuess] = useState<{ readonly kind?: "text" | "hex"; readonly problem?: Problem }>({});
  useEffect(() => {
    if (file === undefined) return undefined;
    const controller = new AbortController();
    readHead(file, HEAD_BYTES, controller.signal).then(
      (head) => setGuess({ kind: isText(head) ? "text" : "hex" }),
      (error: unknown) => {
        if (!controller.signal.aborted) setGuess({ problem: asProblem(error) });
      },
    );
    return () => controller.abort();
  }, [file?.raw]);
  return guess;
}

/** No zero byte, and UTF-8 but for a letter that the end cut off. */
function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
