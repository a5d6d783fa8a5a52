import { useState } from "preact/hooks";
import type { ApiError } from "../server/api.js";
import { asProblem, Problem, request } from "../web/state/api-client.js";
import type { PreviewFile } from "./previews.js";

/** Why the browser does not show a file. */
export interface Broken {
  readonly problem: Problem | undefined;
  /** To be called when the browser says that it cannot. */
  readonly onError: () => void;
}

/**
 * Finds out why the browser does not show a file: the browser says nothing, but the server does of bytes that are gone, refused or
 * damaged. Where it has them, the reason is `otherwise`.
 */
export function useBroken({ raw }: PreviewFile, otherwise: Omit<ApiError, "code">): Broken {
  const [found, setFound] = useState<{ readonly raw: string; readonly problem: Problem } | undefined>();
  const look = async (): Promise<Problem> => {
    try {
      await (await request(raw)).body?.cancel();
      return new Problem({ code: "Unsupported", ...otherwise });
    } catch (error) {
      return asProblem(error);
    }
  };
  return {
    problem: found?.raw === raw ? found.problem : undefined,
    onError: () => void look().then((problem) => setFound({ raw, problem })),
  };
}
