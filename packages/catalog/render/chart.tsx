import { useEffect, useRef, useState } from "preact/hooks";
import { isDark } from "../web/state/theme.js";
import type { PreviewProps } from "./previews.js";

/** A frame is never higher than this, whatever it says. */
const MOST_HEIGHT = 4000;
const FIRST_HEIGHT = 320;

/** A Vega or Vega-Lite chart, drawn in a frame that is nobody and reads only its own revision (see frames/chart.ts). */
export function View({ file }: PreviewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(FIRST_HEIGHT);
  useEffect(() => {
    const listen = (event: MessageEvent<unknown>): void => {
      if (frame.current === null || event.source !== frame.current.contentWindow) return;
      const wanted = Number((event.data as { readonly height?: unknown } | null)?.height);
      if (wanted > 0) setHeight(Math.min(MOST_HEIGHT, Math.ceil(wanted)));
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, []);
  const search = new URLSearchParams({ path: file.path, theme: isDark.value ? "dark" : "light" });
  const src = `${file.rawOf("").replace("/-/raw/", "/-/chart/")}?${search}`;
  return (
    <div class="frame-view">
      <iframe
        ref={frame}
        class="chart"
        src={src}
        sandbox="allow-scripts"
        referrerpolicy="no-referrer"
        title={`Chart ${file.path}`}
        style={{ height: `${height}px` }}
      />
    </div>
  );
}
