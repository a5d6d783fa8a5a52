import { useEffect, useState } from "preact/hooks";
import { PREVIEWS, type Preview, type PreviewFile } from "../../render/previews.js";
import { readHead } from "../../render/read-bytes.js";
import { asProblem, type Problem } from "./api-client.js";

const HEAD_BYTES = 4096;

/** What a file's beginning tells. */
interface Guess {
  readonly kind?: "text" | "hex";
  /** The beginning as text. */
  readonly head?: string;
  readonly problem?: Problem;
}

/** Ways to show a file, best first; none while it is not known yet. */
export interface Fitting {
  readonly fitting: readonly Preview[];
  readonly guess: Guess;
}

/** Finds the ways to show a file: by its name, and where that does not tell enough, by its beginning. */
export function useFitting(file: PreviewFile): Fitting {
  const byName = PREVIEWS.filter(({ pattern }) => pattern.test(file.path));
  const isUnsure = byName.length === 0 || byName.some(({ beginning }) => beginning !== undefined);
  const guess = useGuess(isUnsure ? file : undefined);
  if (byName.length === 0) return { fitting: PREVIEWS.filter(({ id }) => id === guess.kind), guess };
  if (isUnsure && guess.kind === undefined && guess.problem === undefined) return { fitting: [], guess };
  return { fitting: byName.filter(({ beginning }) => beginning?.test(guess.head ?? "") ?? true), guess };
}

/** Looks at a file's beginning. */
function useGuess(file: PreviewFile | undefined): Guess {
  const [guess, setGuess] = useState<Guess>({});
  useEffect(() => {
    if (file === undefined) return undefined;
    const controller = new AbortController();
    readHead(file, HEAD_BYTES, controller.signal).then(
      (head) => setGuess({ kind: isText(head) ? "text" : "hex", head: new TextDecoder().decode(head) }),
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
