import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { visible } from "../../web/format.js";
import type { PreviewFile } from "../previews.js";
import { resolvePath } from "../resolve-path.js";

/** Where a link of a file leads. */
export interface LinkProps {
  readonly target: string;
  readonly file: PreviewFile;
  readonly children: ComponentChildren;
}

/** A link into the revision, or out of the catalog in a tab of its own; any other is text. */
export function Link({ target, file, children }: LinkProps) {
  const path = resolvePath(file.path, target);
  if (path !== undefined) return <a href={file.hrefOf(path)}>{children}</a>;
  if (!/^(?:https?|mailto):/i.test(target)) return <>{children}</>;
  return (
    <a href={target} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Where a picture of a file comes from. */
export interface PictureProps {
  readonly source: string;
  readonly alt: string;
  readonly file: PreviewFile;
}

/** A picture of the same revision; one from elsewhere, or one that is not there, is named and not shown. */
export function Picture({ source, alt, file }: PictureProps) {
  const [isBroken, setBroken] = useState(false);
  const path = resolvePath(file.path, source);
  if (path === undefined) {
    return <span class="chip">picture from elsewhere, not loaded: {visible(alt || source.slice(0, 80))}</span>;
  }
  if (isBroken || path === "") return <span class="chip">no picture here: {visible(path)}</span>;
  return <img src={file.rawOf(path)} alt={alt} loading="lazy" onError={() => setBroken(true)} />;
}
