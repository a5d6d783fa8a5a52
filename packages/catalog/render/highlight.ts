// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from "./highlight-worker.ts?worker&url";
import { languageOf } from "./languages.js";

/** A piece of a line and what it is: `keyword`, `string`; `""` for nothing special. */
export type Token = readonly [scope: string, text: string];

/** Larger texts stay plain. */
const MOST_LETTERS = 400_000;

interface Policy {
  createScriptURL(url: string): string;
}

/** The one way to a worker that Trusted Types leave open, for this one address. */
const policy: Policy = (
  globalThis as unknown as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }
).trustedTypes?.createPolicy("catalog-worker", {
  createScriptURL(url) {
    if (url === workerUrl) return url;
    throw new TypeError("Not the catalog's worker.");
  },
}) ?? { createScriptURL: (url) => url };

/** Colours a text beside the page; `show` is called when it is done, unless the returned function was called before. */
export function highlight(
  path: string,
  text: string,
  show: (lines: readonly (readonly Token[])[]) => void,
): (() => void) | undefined {
  const language = languageOf(path);
  if (language === undefined || text.length > MOST_LETTERS) return undefined;
  const worker = new Worker(policy.createScriptURL(workerUrl), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<readonly (readonly Token[])[]>) => {
    show(data);
    worker.terminate();
  });
  worker.postMessage({ language, text });
  return () => worker.terminate();
}
