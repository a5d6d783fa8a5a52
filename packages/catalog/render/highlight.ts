// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from "./highlight-worker.ts?worker&url";
import { languageOf } from "./languages.js";
import { startWorker } from "./worker-url.js";

/** A piece of a line and what it is: `keyword`, `string`; `""` for nothing special. */
export type Token = readonly [scope: string, text: string];

/** Larger texts stay plain. */
const MOST_LETTERS = 400_000;

/** Colours a text beside the page; `show` is called when it is done, unless the returned function was called before. */
export function highlight(
  path: string,
  text: string,
  show: (lines: readonly (readonly Token[])[]) => void,
): (() => void) | undefined {
  const language = languageOf(path);
  if (language === undefined || text.length > MOST_LETTERS) return undefined;
  const worker = startWorker(workerUrl);
  worker.addEventListener("message", ({ data }: MessageEvent<readonly (readonly Token[])[]>) => {
    show(data);
    worker.terminate();
  });
  worker.postMessage({ language, text });
  return () => worker.terminate();
}
