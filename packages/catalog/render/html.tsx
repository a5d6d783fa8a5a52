import { Icon } from "../web/components/icon.js";
import type { PreviewProps } from "./previews.js";

/**
 * A package's own page, in a frame that is nobody: no origin, no cookies, no network, only the files of its own revision.
 * The answer's policy says so as well, wherever it is opened.
 */
export function View({ file }: PreviewProps) {
  return (
    <div class="frame-view">
      <p class="frame-bar">
        <Icon name="shield" />
        <span>
          This page runs by itself: it reaches the files of this revision, and neither the network nor the catalog.
        </span>
      </p>
      <iframe src={file.raw} sandbox="allow-scripts" referrerpolicy="no-referrer" title={file.path} />
    </div>
  );
}
