import { useState } from "preact/hooks";
import { Icon } from "../web/components/icon.js";
import type { PreviewProps } from "./previews.js";

/**
 * A package's own page, in a frame that is nobody: no origin, no cookies, no network, only the files of its own revision; the
 * answer's policy says so as well, wherever it is opened. Its scripts run only when the reader wants them to: no policy of
 * today's browsers closes WebRTC, through which a script could tell a server of its choice that it ran, and what it read.
 */
export function View({ file }: PreviewProps) {
  const [isRunning, setRunning] = useState(false);
  return (
    <div class="frame-view">
      <p class="frame-bar">
        <Icon name="shield" />
        {isRunning ? (
          <span>Scripts run, shut off from the catalog and from other sites, but for what WebRTC lets through.</span>
        ) : (
          <>
            <span>Shown without its scripts and without the network.</span>
            <button type="button" class="link-button" onClick={() => setRunning(true)}>
              Run scripts
            </button>
          </>
        )}
      </p>
      <iframe
        key={String(isRunning)}
        src={file.raw}
        sandbox={isRunning ? "allow-scripts" : ""}
        referrerpolicy="no-referrer"
        title={file.path}
      />
    </div>
  );
}
