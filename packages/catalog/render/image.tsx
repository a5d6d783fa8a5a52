import { useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { exact } from "../web/format.js";
import { Problem } from "../web/state/api-client.js";
import type { PreviewProps } from "./previews.js";

/** A picture, as large as fits or as it is. */
export function View({ file }: PreviewProps) {
  const [isActual, setActual] = useState(false);
  const [size, setSize] = useState("");
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    const message = "The browser cannot show this picture.";
    const hint = "It may be damaged, or not what its name says: look at its bytes.";
    return <ProblemBox problem={new Problem({ code: "Unsupported", message, hint })} />;
  }
  const onLoad = (event: Event): void => {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    setSize(`${exact(naturalWidth)} × ${exact(naturalHeight)} pixels`);
  };
  return (
    <div class="image-view">
      <button
        type="button"
        class={isActual ? "canvas is-actual" : "canvas"}
        aria-label={isActual ? "Fit the picture" : "Show the picture's own size"}
        onClick={() => setActual(!isActual)}
      >
        <img src={file.raw} alt={file.path} onLoad={onLoad} onError={() => setBroken(true)} />
      </button>
      <p class="view-foot">
        <span>{size}</span>
        <span>{isActual ? "own size" : "fitted"}</span>
      </p>
    </div>
  );
}
