import { useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import { exact } from "../web/format.js";
import type { PreviewProps } from "./previews.js";
import { useBroken } from "./use-broken.js";

/** A picture, as large as fits or as it is. */
export function View({ file }: PreviewProps) {
  const [isActual, setActual] = useState(false);
  const [size, setSize] = useState("");
  const { problem, onError } = useBroken(file, {
    message: "The browser cannot show this picture.",
    hint: "It may be not what its name says: look at its bytes.",
  });
  if (problem !== undefined) return <ProblemBox problem={problem} />;
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
        <img src={file.raw} alt={file.path} onLoad={onLoad} onError={onError} />
      </button>
      <p class="view-foot">
        <span>{size}</span>
        <span>{isActual ? "own size" : "fitted"}</span>
      </p>
    </div>
  );
}
