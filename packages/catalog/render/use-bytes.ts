import { useEffect, useState } from "preact/hooks";
import { asProblem, type Problem } from "../web/state/api-client.js";
import type { PreviewFile } from "./previews.js";
import { readAtMost } from "./read-bytes.js";

/** A file that is read whole and made into something; or why it is not. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly problem: Problem | undefined;
}

/** Reads a whole file and makes something of it; files above `most` bytes are not read. */
export function useBytes<Value>(file: PreviewFile, most: number, make: (bytes: Uint8Array) => Value): Loaded<Value> {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ value: undefined, problem: undefined });
  useEffect(() => {
    const controller = new AbortController();
    readAtMost(file, { most, signal: controller.signal })
      .then(make)
      .then((value) => setLoaded({ value, problem: undefined }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setLoaded({ value: undefined, problem: asProblem(error) });
      });
    return () => controller.abort();
  }, [file.raw]);
  return loaded;
}
