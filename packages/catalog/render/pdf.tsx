import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { Skeleton } from "../web/components/skeleton.js";
import { counted } from "../web/format.js";
import { asProblem, type Problem } from "../web/state/api-client.js";
import { openPdf } from "./pdf/open-pdf.js";
import type { PreviewProps } from "./previews.js";

/** Pages that are laid out; what is behind them is counted. */
const MOST_PAGES = 2000;
/** A page is drawn when it is this near, and forgotten when it is farther. */
const NEAR = "800px";
/** Paper of A4, until a page says what it is. */
const A4 = 210 / 297;

/** The pages of a PDF, each drawn when it comes near. */
export function View({ file }: PreviewProps) {
  const [pdf, setPdf] = useState<PDFDocumentProxy | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    openPdf(file, controller.signal).then(setPdf, (error: unknown) => {
      if (!controller.signal.aborted) setProblem(asProblem(error));
    });
    return () => controller.abort();
  }, [file.raw]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (pdf === undefined) return <Skeleton lines={10} />;
  const shown = Math.min(MOST_PAGES, pdf.numPages);
  return (
    <>
      <div class="pdf-view" tabIndex={0} role="region" aria-label="Pages">
        {Array.from({ length: shown }, (_, i) => (
          <Page key={i} pdf={pdf} number={i + 1} />
        ))}
      </div>
      <p class="view-foot">
        <span>{counted(pdf.numPages, "page")}</span>
        {shown < pdf.numPages ? <span>the first {shown} are shown</span> : null}
      </p>
    </>
  );
}

function Page({ pdf, number }: { readonly pdf: PDFDocumentProxy; readonly number: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const [ratio, setRatio] = useState(A4);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), {
      root: place.current?.parentElement ?? null,
      rootMargin: NEAR,
    });
    if (place.current !== null) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} class="pdf-page" style={{ aspectRatio: String(ratio) }}>
      {isNear ? <Drawing pdf={pdf} number={number} onRatio={setRatio} /> : null}
    </div>
  );
}

interface DrawingProps {
  readonly pdf: PDFDocumentProxy;
  readonly number: number;
  readonly onRatio: (ratio: number) => void;
}

/** A page as a picture, and its words for those who do not see it. */
function Drawing({ pdf, number, onRatio }: DrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [words, setWords] = useState("");
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isWanted = true;
    const draw = async (): Promise<void> => {
      const page = await pdf.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      if (!isWanted || canvas.current === null) return;
      onRatio(natural.width / natural.height);
      const width = canvas.current.parentElement?.clientWidth ?? natural.width;
      const viewport = page.getViewport({ scale: (width / natural.width) * Math.min(2, window.devicePixelRatio) });
      Object.assign(canvas.current, { width: viewport.width, height: viewport.height });
      const task = page.render({ canvas: canvas.current, viewport });
      stop = () => task.cancel();
      await task.promise;
      const { items } = await page.getTextContent();
      if (isWanted) setWords(items.map((item) => ("str" in item ? item.str : "")).join(" "));
    };
    draw().catch(() => isWanted && setBroken(true));
    return () => {
      isWanted = false;
      stop?.();
    };
  }, []);
  if (isBroken) return <p class="muted">Page {number} cannot be drawn.</p>;
  return (
    <>
      <canvas ref={canvas} role="img" aria-label={`Page ${number}`} />
      <p class="unseen">{words}</p>
    </>
  );
}
