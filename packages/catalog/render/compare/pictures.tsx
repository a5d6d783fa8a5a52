import { useState } from "preact/hooks";
import { ByteCount } from "../../web/components/byte-count.js";
import { exact } from "../../web/format.js";
import type { CompareProps } from "../comparators.js";
import type { PreviewFile } from "../previews.js";

/** Two states of a picture: beside each other, or one over the other, as far as a slider is moved. */
export function View({ before, after }: CompareProps) {
  const [isOver, setOver] = useState(false);
  const [share, setShare] = useState(50);
  return (
    <div class="picture-pair">
      <div class="choices" role="group" aria-label="How the pictures lie">
        <button type="button" aria-pressed={!isOver} onClick={() => setOver(false)}>
          Side by side
        </button>
        <button type="button" aria-pressed={isOver} onClick={() => setOver(true)}>
          One over the other
        </button>
      </div>
      {isOver ? (
        <>
          <div class="picture-stack">
            <img src={before.raw} alt={`${before.path} before`} />
            <img src={after.raw} alt={`${after.path} after`} style={{ clipPath: `inset(0 0 0 ${share}%)` }} />
          </div>
          <label class="picture-slider">
            Before
            <input
              type="range"
              min="0"
              max="100"
              value={share}
              aria-label="How much of the picture before is shown"
              onInput={(event) => setShare(Number((event.target as HTMLInputElement).value))}
            />
            After
          </label>
        </>
      ) : (
        <div class="picture-sides">
          <Side file={before} word="before" />
          <Side file={after} word="after" />
        </div>
      )}
    </div>
  );
}

function Side({ file, word }: { readonly file: PreviewFile; readonly word: string }) {
  const [size, setSize] = useState("");
  const onLoad = (event: Event): void => {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    setSize(`${exact(naturalWidth)} × ${exact(naturalHeight)} · `);
  };
  return (
    <figure>
      <img src={file.raw} alt={`${file.path} ${word}`} onLoad={onLoad} />
      <figcaption class="muted">
        {word} · {size}
        <ByteCount count={file.size} />
      </figcaption>
    </figure>
  );
}
