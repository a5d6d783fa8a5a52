import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";
// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from "pdfjs-dist/build/pdf.worker.mjs?worker&url";
import { Problem } from "../../web/state/api-client.js";
import type { PreviewFile } from "../previews.js";
import { readWhole } from "../read-bytes.js";
import { startWorker } from "../worker-url.js";

/** Files up to this size are read whole, and verified by the server; of larger ones only what is looked at is read. */
const WHOLE_BYTES = 16 << 20;
const PART_BYTES = 1 << 18;

/** Opens a PDF, until `signal` says that nobody looks at it any more. Its scripts do not run, its forms do nothing, and nothing that it links to is loaded. */
export async function openPdf(file: PreviewFile, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const isWhole = file.size <= WHOLE_BYTES;
  const source = isWhole ? { data: await readWhole(file, signal) } : { url: file.raw, rangeChunkSize: PART_BYTES };
  // One of its own: the last document's may be ending yet.
  const port = startWorker(workerUrl);
  const task = getDocument({
    ...source,
    worker: PDFWorker.create({ port }),
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false,
    disableAutoFetch: true,
    disableStream: true,
    verbosity: 0,
  });
  signal.addEventListener("abort", () => void task.destroy().finally(() => port.terminate()));
  return task.promise.catch((error: unknown) => {
    if (error instanceof Problem) throw error;
    const words = error instanceof Error ? error.message : String(error);
    const hint = "It may be damaged, or ask for a password: download it.";
    throw new Problem({ code: "Unsupported", message: `This PDF cannot be opened: ${words}`, hint });
  });
}
